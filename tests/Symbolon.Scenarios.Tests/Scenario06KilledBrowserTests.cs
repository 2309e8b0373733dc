using System.Diagnostics;
using Symbolon.Mock;
using Symbolon.Scenarios.Lab;
using Symbolon.Testing;

namespace Symbolon.Scenarios;

/// <summary>6. The answer is lost, the browser is killed, and opened again within a minute.</summary>
public sealed class Scenario06KilledBrowserTests(Laboratory laboratory)
{
    [Theory, ClassData(typeof(Seeds))]
    public async Task User_Stays_WhenTheBrowserIsKilledAfterARefreshWhoseAnswerWasLost(int seed)
    {
        await using var mock = await Stage.MockAsync(seed);
        var profile = Directory.CreateTempSubdirectory("symbolon-profile-").FullName;
        try
        {
            // Closed in order once, so that the cookie is on the disk: a browser writes it there in its own time, and what follows it does not.
            await using (var first = await OpenAsync(mock, profile, seed)) await first.SignInAsync();

            var second = await OpenAsync(mock, profile, seed);
            var isLost = second.Dice.Next(2) == 0;
            if (isLost) await second.FailAsync(MockFaultKind.LostResponse);
            var tab = await second.OpenTabAsync(); // refreshes
            if (isLost) await tab.ExpectEventsAsync("refresh-failed", 1);
            else await tab.ExpectStateAsync("active");
            await KillAsync(profile);
            mock.Faults.Clear();
            mock.Clock.Advance(TimeSpan.FromSeconds(second.Dice.Next(1, 60)));

            await using var next = await OpenAsync(mock, profile, seed);
            tab = await next.OpenTabAsync();
            await tab.ExpectStateAsync("active");
            await tab.ExpectCallsAsync("200");
            await tab.RefreshAsync();
            await next.ExpectOneLiveSessionAsync();
        }
        finally
        {
            await Patiently.TrueAsync(() => Task.FromResult(IsGone(profile)), () => "the profile is still in use");
        }
    }

    private async Task<Stage> OpenAsync(SymbolonMock mock, string profile, int seed) =>
        await Stage.OpenAsync(mock, await laboratory.Program.LaunchOnAsync(profile), seed);

    /// <summary>SIGKILL to the browser of this profile: it writes nothing more.</summary>
    private static async Task KillAsync(string profile)
    {
        foreach (var id in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)))
        {
            if (!IsBrowserOf(id!, profile)) continue;
            using var process = Process.GetProcessById(int.Parse(id!, System.Globalization.CultureInfo.InvariantCulture));
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static bool IsBrowserOf(string id, string profile)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
            return command.Contains($"--user-data-dir={profile}") && !Array.Exists(command, part => part.StartsWith("--type=", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false; // it ended meanwhile
        }
    }

    private static bool IsGone(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false; // helpers of the browser are still ending
        }
    }
}
