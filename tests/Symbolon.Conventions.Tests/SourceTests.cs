using System.Text.RegularExpressions;

namespace Symbolon.Conventions.Tests;

/// <summary>What every source file keeps.</summary>
public partial class SourceTests
{
    private const int MostLines = 300;
    private static readonly string[] Folders = ["src", "tests", "bench", "clients", "samples"];
    private static readonly string[] Source = [".cs", ".js", ".mjs", ".ts", ".css", ".html", ".sql", ".sh"];

    public static TheoryData<string> Files => [.. Folders.SelectMany(folder => Repository.Files(folder, Source)).Select(Repository.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_IsShortEnoughToRead(string file) => Assert.InRange(Read(file).Count(c => c == '\n'), 1, MostLines);

    [Theory]
    [MemberData(nameof(Files))]
    public void File_HasNothingLeftOver(string file) => Assert.DoesNotMatch(LeftOver(), Read(file));

    [Fact]
    public void Sources_ReadNoClockOfTheirOwn()
    {
        var clocks = Folders.Except(["bench"]).SelectMany(folder => Repository.Files(folder, ".cs")).Where(file => Clock().IsMatch(File.ReadAllText(file)));
        Assert.Empty(clocks.Select(Repository.Name));
    }

    [Fact]
    public void Tests_DoNotSleep()
    {
        var sleepers = Repository.Files("tests", ".cs").Where(file => Sleep().IsMatch(File.ReadAllText(file)));
        Assert.Empty(sleepers.Select(Repository.Name));
    }

    [Fact]
    public void Interfaces_StandAtPortsOnly()
    {
        var interfaces = Repository.Files("src", ".cs").Where(file => Interface().IsMatch(File.ReadAllText(file))).Select(Repository.Name);
        string[] ofTheClient = ["src/Symbolon.Client/ISymbolonSession.cs", "src/Symbolon.Client/ITokenStore.cs"];
        Assert.All(interfaces.Except(ofTheClient), file => Assert.StartsWith("src/Symbolon.Authority/Ports/", file));
    }

    [Fact]
    public void Pages_LinkToWhatExists()
    {
        var pages = Repository.Files("docs", ".md").Concat(Directory.EnumerateFiles(Repository.Root, "*.md"));
        var broken = from page in pages
                     from Match link in Link().Matches(File.ReadAllText(page))
                     let target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value)
                     where !File.Exists(target) && !Directory.Exists(target)
                     select $"{Repository.Name(page)} -> {link.Groups[1].Value}";
        Assert.Empty(broken);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    // Written in two halves, so that this file keeps the rule too.
    [GeneratedRegex("TO" + "DO|FIX" + "ME|HA" + "CK|NotImplemented" + @"Exception|Sk" + @"ip\s*=\s*""")]
    private static partial Regex LeftOver();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?No" + @"w\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"Thread\.Sle" + @"ep\(|Task\.Del" + @"ay\(\d")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"^\s*(public|internal)\s+(partial\s+)?interface\s", RegexOptions.Multiline)]
    private static partial Regex Interface();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)([^)#\s]+)")]
    private static partial Regex Link();
}
