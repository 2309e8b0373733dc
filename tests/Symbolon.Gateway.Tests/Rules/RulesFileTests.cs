using Microsoft.Extensions.Logging;
using Symbolon.Gateway.Hosting;
using Symbolon.Gateway.Requests;

namespace Symbolon.Gateway.Rules;

/// <summary>Rules change while the gateway runs; a file that cannot be used changes nothing.</summary>
public sealed class RulesFileTests : IDisposable
{
    private const string Public = "rules:\n  - path: /a\n    public: true\n";
    private const string Roles = "rules:\n  - path: /a\n    roles: [x]\n";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-rules-");
    private readonly Lines log = new();

    private string File => Path.Combine(folder.FullName, "rules.yaml");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Look_TakesNewRules_OnceTheyAreTheSameTwice()
    {
        var rules = Load(Public);
        Write(Roles);
        rules.Look();
        Assert.True(IsPublic(rules)); // it may still be being written
        rules.Look();
        Assert.False(IsPublic(rules));
        Assert.Null(rules.Problem);
    }

    [Fact]
    public void Look_NeverTakesAHalf()
    {
        var rules = Load(Roles);
        Write("rules:\n  - path: /a\n"); // the first half, as a writer leaves it for a moment: it would let everybody with a token in
        rules.Look();
        Write("rules:\n  - path: /a\n    roles: [y]\n");
        rules.Look();
        Assert.Equal(["x"], Rule(rules).Roles);
        rules.Look();
        Assert.Equal(["y"], Rule(rules).Roles);
    }

    [Theory]
    [InlineData("rules:\n  - path: /a\n    rolse: [x]\n", "rules.yaml(3,5): 'rolse' is no member")]
    [InlineData("", "rules.yaml(1,1): ")]
    public void Look_KeepsTheRules_WhenTheNewOnesAreRefused(string refused, string says)
    {
        var rules = Load(Public);
        Write(refused);
        for (var i = 0; i < 5; i++) rules.Look();
        Assert.True(IsPublic(rules));
        Assert.Contains(says, rules.Problem, StringComparison.Ordinal);
        Assert.Contains(says, Assert.Single(log.Errors), StringComparison.Ordinal); // once, not each second

        Write(Public);
        rules.Look();
        rules.Look();
        Assert.Null(rules.Problem);
    }

    [Fact]
    public void Look_KeepsTheRules_WhenTheFileIsGoneOrNoText()
    {
        var rules = Load(Public);
        System.IO.File.Delete(File);
        rules.Look();
        rules.Look();
        Assert.True(IsPublic(rules));
        Assert.Contains("gone", rules.Problem, StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(File, [0xff, 0xfe, 0x00]);
        rules.Look();
        Assert.True(IsPublic(rules));
        Assert.Contains("UTF-8", rules.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_GoesOn_WhenTheParserThrowsWhatItDoesNotDocument()
    {
        var rules = Load(Public);
        using var watch = new RulesWatch(rules, TimeProvider.System);
        await watch.StartAsync(TestContext.Current.CancellationToken);
        Write("rules:\n  - path: /b\n    roles: [admin\n  - path: /c\n");
        await UntilAsync(() => rules.Problem is not null);
        Assert.True(IsPublic(rules));
        Assert.Single(log.Errors);
        Write(Roles);
        await UntilAsync(() => rules.Problem is null);
        Assert.False(IsPublic(rules));
        await watch.StopAsync(TestContext.Current.CancellationToken);

        async Task UntilAsync(Func<bool> isSo)
        {
            for (var looks = 0; !isSo(); looks++)
            {
                Assert.False(watch.ExecuteTask!.IsCompleted, $"The watch has ended: {watch.ExecuteTask.Exception}");
                Assert.True(looks < 3_000, "Nothing has happened.");
                await Task.Delay(Pause);
            }
        }
    }

    [Fact]
    public void Look_Survives_WhateverIsThrown()
    {
        var rules = Load(Public);
        Write(Roles);
        rules.Look();
        log.ThrowsOnce = true;
        rules.Look();
        Assert.Contains("the log is full", rules.Problem, StringComparison.Ordinal);
        rules.Look();
        Assert.Null(rules.Problem);
        Assert.False(IsPublic(rules));
    }

    [Fact]
    public void Load_NeedsNoFile_UnlessItIsNamed()
    {
        var rules = RulesFile.Load(File, isNamed: false, default, log);
        Assert.Equal(0, rules.Rules.Count);
        Assert.Contains("no file", Assert.Throws<GatewayStartException>(() => RulesFile.Load(File, isNamed: true, default, log)).Message, StringComparison.Ordinal);
        Write(Public);
        rules.Look();
        rules.Look();
        Assert.True(IsPublic(rules));
    }

    [Fact]
    public void Load_RefusesABadFile()
    {
        Write("rules:\n  - path: a\n");
        Assert.Contains("rules.yaml(2,11): ", Assert.Throws<GatewayStartException>(() => RulesFile.Load(File, isNamed: true, default, log)).Message, StringComparison.Ordinal);
    }

    private RulesFile Load(string text)
    {
        Write(text);
        return RulesFile.Load(File, isNamed: true, default, log);
    }

    private void Write(string text) => System.IO.File.WriteAllText(File, text);

    private static bool IsPublic(RulesFile rules) => Rule(rules).IsPublic;

    private static RouteRule Rule(RulesFile rules)
    {
        Assert.True(PathNormalization.TryNormalize("/a", out var path));
        return rules.Rules.Find(new OriginalRequest("GET", path))!;
    }

    private sealed class Lines : ILogger
    {
        public List<string> Errors { get; } = [];

        public bool ThrowsOnce { get; set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (ThrowsOnce)
            {
                ThrowsOnce = false;
                throw new InvalidOperationException("the log is full");
            }

            if (logLevel >= LogLevel.Error) Errors.Add(formatter(state, exception));
        }
    }
}
