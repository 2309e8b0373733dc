using System.Diagnostics.CodeAnalysis;
using System.Text;
using Symbolon.Gateway.Hosting;

namespace Symbolon.Gateway.Rules;

/// <summary>The rules in force, and the file they come from. A file that cannot be used leaves the rules of before in force, and says so in the log and in health.</summary>
/// <remarks>The file is read again each second and compared by its text: that works wherever files do, also for mounts whose changes nobody is told of.</remarks>
internal sealed class RulesFile
{
    private readonly string path;
    private readonly RulesAbility has;
    private readonly ILogger log;
    private volatile State state;
    private string? seen;

    private sealed record State(RouteRules Rules, string? Text, string? Problem);

    private RulesFile(string path, RulesAbility has, ILogger log, State state) => (this.path, this.has, this.log, this.state, seen) = (path, has, log, state, state.Text);

    /// <summary>The rules in force.</summary>
    public RouteRules Rules => state.Rules;

    /// <summary>Why the file as it is now is not what is in force; null when it is.</summary>
    public string? Problem => state.Problem;

    /// <summary>Reads the file at start.</summary>
    /// <param name="path">The file; without it, every path needs a valid token.</param>
    /// <param name="isNamed">It is named by the configuration: then it has to be there.</param>
    /// <param name="has">What the gateway can do.</param>
    /// <param name="log">The log.</param>
    /// <exception cref="GatewayStartException">It cannot be used.</exception>
    public static RulesFile Load(string path, bool isNamed, RulesAbility has, ILogger log)
    {
        if (!TryRead(path, out var text, out var problem)) throw new GatewayStartException(problem);
        if (text is null && isNamed) throw new GatewayStartException($"Gateway:Rules: there is no file '{path}'. Write it (docs/gateway.md), or leave the setting out: then every path needs a valid token.");
        if (!TryParse(path, text, has, out var rules, out problem)) throw new GatewayStartException(problem);
        if (text is null) log.NoRules(path);
        else log.RulesLoaded(rules.Count, path);
        return new RulesFile(path, has, log, new State(rules, text, Problem: null));
    }

    /// <summary>Looks at the file again. What is new is taken once it is the same twice: a file that is being written is not. Never throws: the gateway goes on by the rules it has.</summary>
    public void Look()
    {
        try
        {
            LookAgain();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Keep(state, $"{path}: the file cannot be taken: {e.GetType().Name}: {e.Message}");
        }
    }

    private void LookAgain()
    {
        var current = state;
        if (!TryRead(path, out var text, out var problem))
        {
            Keep(current, problem);
            return;
        }

        var isSettled = text == seen;
        seen = text;
        if (!isSettled) return;
        if (text == current.Text) Recover(current);
        else if (text is null) Keep(current, $"{path}: the file is gone.");
        else if (TryParse(path, text, has, out var rules, out problem))
        {
            state = new State(rules, text, Problem: null);
            log.RulesLoaded(rules.Count, path);
        }
        else Keep(current, problem);
    }

    private void Recover(State current)
    {
        if (current.Problem is null) return;
        state = current with { Problem = null };
        log.RulesLoaded(current.Rules.Count, path);
    }

    private void Keep(State current, string problem)
    {
        if (current.Problem == problem) return;
        state = current with { Problem = problem };
        log.RulesRefused(problem);
    }

    private static bool TryRead(string path, out string? text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = (null, null);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
            var characters = new char[Math.Min(file.Length, RulesYaml.MaxLength) + 1];
            text = new string(characters, 0, reader.ReadBlock(characters)).TrimStart('\uFEFF');
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true; // no file: no text
        }
        catch (ArgumentException)
        {
            problem = $"{path}: the file is not UTF-8 text.";
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            problem = $"{path}: the file cannot be read: {e.Message}";
            return false;
        }
    }

    private static bool TryParse(string path, string? text, RulesAbility has, [NotNullWhen(true)] out RouteRules? rules, [NotNullWhen(false)] out string? problem)
    {
        (rules, problem) = (RouteRules.None, null);
        if (text is null) return true;
        try
        {
            rules = RulesYaml.Read(text, has);
            return true;
        }
        catch (RulesException e)
        {
            (rules, problem) = (null, $"{path}({e.Line},{e.Column}): {e.Message}");
            return false;
        }
    }
}

/// <summary>Looks at the rules' file each second.</summary>
internal sealed class RulesWatch(RulesFile file, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) file.Look();
        }
        catch (OperationCanceledException)
        {
            // the end of the process
        }
    }
}
