using System.Globalization;

namespace Symbolon.Testing;

/// <summary>A process and what it has started, which are killed, stopped and continued as one: as the machine that they run on.</summary>
/// <param name="parent">The process that starts the others.</param>
public sealed class ProcessFamily(int parent)
{
    /// <summary>Whether a process has ended. What remains of it until init takes notice is not a process that does anything.</summary>
    public static bool HasEnded(int process) => State(process) is null or 'Z';

    /// <summary>SIGKILL for all at once; ends when none is left.</summary>
    public async Task KillAsync()
    {
        var children = await StopParentAsync();
        Signals.Kill.TrySendTo(parent);
        foreach (var child in children) Signals.Kill.TrySendTo(child);
        await Patiently.TrueAsync(() => children.Append(parent).All(HasEnded), $"all processes of {parent} are gone");
    }

    /// <summary>SIGSTOP for all; ends when each stands still.</summary>
    public async Task PauseAsync()
    {
        var children = await StopParentAsync();
        foreach (var child in children) Signals.Stop.TrySendTo(child);
        await Patiently.TrueAsync(() => children.All(process => HasEnded(process) || State(process) is 'T'), $"all processes of {parent} stand still");
    }

    /// <summary>SIGCONT for all.</summary>
    public void Resume()
    {
        foreach (var child in Children()) Signals.Continue.TrySendTo(child);
        Signals.Continue.TrySendTo(parent);
    }

    // Stopped first, it starts no other child while they are counted.
    private async Task<IReadOnlyList<int>> StopParentAsync()
    {
        Signals.Stop.TrySendTo(parent);
        await Patiently.TrueAsync(() => HasEnded(parent) || State(parent) is 'T', $"{parent} stands still");
        return Children();
    }

    private List<int> Children() =>
        [.. from folder in Directory.EnumerateDirectories("/proc")
            where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
            let process = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)
            where Stat(process) is [_, var parentOfIt, ..] && parentOfIt == parent.ToString(CultureInfo.InvariantCulture)
            select process];

    private static char? State(int process) => Stat(process)?[0][0];

    // "4711 (the name, which may be anything) S 1 …": the state, the parent, …
    private static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }
}
