using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Storage.Copy;

/// <summary>The timeline of a copy's revocation log. Each copy has one of its own, and it proves what the copy was made of: nothing else has to be kept to know an untouched copy again.</summary>
/// <remarks>
/// Of its own, because numbers that two stores give under one name would say nothing: a verifier that has read on from one of them would pass over
/// entries of the other. So it takes a snapshot, and keeps what it knew.
/// </remarks>
internal static class CopyMark
{
    private const int Half = 16;

    /// <summary>A new timeline: 16 random digits, and 16 of the digest of these, of the source's timeline and of all that was copied.</summary>
    public static string New(string sourceTimeline, IEnumerable<TableSum> sums) => Make(RandomNumberGenerator.GetHexString(Half, lowercase: true), sourceTimeline, sums);

    /// <summary>Whether a store with this timeline is a copy of the source's store and holds what it held when it was made.</summary>
    public static bool Proves(string timeline, string sourceTimeline, IEnumerable<TableSum> sums) =>
        timeline.Length == 2 * Half && timeline == Make(timeline[..Half], sourceTimeline, sums);

    private static string Make(string chance, string sourceTimeline, IEnumerable<TableSum> sums)
    {
        var all = string.Join('\n', [chance, sourceTimeline, .. sums.Select(sum => $"{sum.Rows} {sum.Sha256}")]);
        return chance + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..Half];
    }
}
