using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Symbolon.Refresh;

namespace Symbolon.Conventions.Tests;

/// <summary>Core has no clock, no randomness, no I/O, no tasks: read from what was compiled, so that no pragma gets past.</summary>
public class PureCoreTests
{
    private static readonly string[] Types =
    [
        "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random", "System.Security.Cryptography.RandomNumberGenerator", "System.Environment", "System.Console",
        "System.Threading.Thread", "System.Threading.Timer",
    ];

    private static readonly string[] Namespaces = ["System.IO", "System.Net", "System.Threading.Tasks", "System.Net.Http", "Microsoft.Extensions"];

    private static readonly string[] Members =
    [
        "DateTime.get_Now", "DateTime.get_UtcNow", "DateTime.get_Today", "DateTimeOffset.get_Now", "DateTimeOffset.get_UtcNow", "Guid.NewGuid", "Guid.CreateVersion7",
    ];

    [Fact]
    public void Core_ReferencesNoImpureType()
    {
        using var file = new PEReader(File.OpenRead(typeof(RefreshRotation).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference).Select(type => (Namespace: metadata.GetString(type.Namespace), Name: metadata.GetString(type.Name)));
        Assert.DoesNotContain(used, type => Types.Contains($"{type.Namespace}.{type.Name}")
            || Namespaces.Any(name => type.Namespace == name || type.Namespace.StartsWith($"{name}.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Core_ReadsNoClockAndMakesNothingUp()
    {
        using var file = new PEReader(File.OpenRead(typeof(RefreshRotation).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var used = metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)}.{metadata.GetString(member.Name)}")
            .ToList();
        Assert.Contains("Guid.TryParseExact", used); // what is looked at is what Core uses
        Assert.DoesNotContain(used, Members.Contains);
    }
}
