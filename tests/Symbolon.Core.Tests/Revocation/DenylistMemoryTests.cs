using System.Runtime.CompilerServices;
using Symbolon.Access;
using Symbolon.Sessions;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Revocation;

/// <summary>Runs alone: it counts the bytes of the whole process.</summary>
[CollectionDefinition(nameof(DenylistMemoryTests), DisableParallelization = true), Collection(nameof(DenylistMemoryTests))]
public sealed class DenylistMemoryTests
{
    [Fact]
    public void Denylist_KeepsAMillionEntries_In64Megabytes_ExactlyAndWithoutAllocation()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var list = Million();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(1_000_000, list.Count);
        Assert.True(bytes <= 64_000_000, $"{bytes} bytes");

        var others = Enumerable.Range(0, 20_000).Select(i => Token(sid: Some.Id(1_000_000 + i).ToString())).ToArray();
        var revoked = Enumerable.Range(0, 1_000).Select(i => Token(sid: Some.Id(i * 997).ToString())).ToArray();
        list.Find(others[0]);
        var (found, allocated) = (0, GC.GetAllocatedBytesForCurrentThread());
        foreach (var token in others) found += list.Find(token) is null ? 0 : 1;
        foreach (var token in revoked) found += list.Find(token) is null ? 0 : 1;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal(1_000, found);
        Assert.Equal(0, allocated);
    }

    // Apart, so that no list on the way is still held.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Denylist Million()
    {
        var list = Denylist.Empty;
        foreach (var page in Enumerable.Range(0, 1_000_000).Chunk(250_000))
            list = list.With(page.Select(i => RevocationEntry.OfSession(Some.Id(i), EndReason.Logout, T0)));
        return list;
    }

    private static AuthenticToken Token(string sid) => new(Claims with { SessionId = sid }, "k");
}
