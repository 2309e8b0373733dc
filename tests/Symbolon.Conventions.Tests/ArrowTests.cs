using System.Xml.Linq;

namespace Symbolon.Conventions.Tests;

/// <summary>Which project may use which: DESIGN §8. Adding an arrow is a decision, made here and there.</summary>
public class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Symbolon.Core"] = [],
        ["Symbolon.AspNetCore"] = ["Symbolon.Core"],
        ["Symbolon.Authority"] = ["Symbolon.AspNetCore"],
        ["Symbolon.Storage"] = ["Symbolon.Authority"],
        ["Symbolon.Gateway"] = ["Symbolon.AspNetCore"],
        ["Symbolon.Client"] = ["Symbolon.Core"],
        ["Symbolon.Mock"] = ["Symbolon.Authority"],
        ["Symbolon.Server"] = ["Symbolon.Authority", "Symbolon.Mock", "Symbolon.Storage"],
    };

    public static TheoryData<string> Projects => [.. Repository.Files("src", ".csproj").Select(Repository.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_UsesOnlyWhatItMay(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Allowed.TryGetValue(name, out var allowed), $"{name} is not in the layout of DESIGN §8.");
        Assert.Equal(allowed.Order(), References(project, "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference)).Order());
    }

    [Fact]
    public void Core_UsesNoPackage_ButAnalyzers() =>
        Assert.Equal(["Microsoft.CodeAnalysis.BannedApiAnalyzers"], References("src/Symbolon.Core/Symbolon.Core.csproj", "PackageReference"));

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants(kind).Select(element => element.Attribute("Include")!.Value.Replace('\\', '/'));
}
