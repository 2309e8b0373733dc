using Microsoft.Playwright;

namespace Symbolon.Chromium;

/// <summary>Debian's Chromium, driven by Playwright: one way to start it for all tests.</summary>
public sealed class ChromiumProgram : IAsyncDisposable
{
    // Beside the tests: it says how the browser is started.
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "chromium.sh");

    private readonly IPlaywright playwright;

    private ChromiumProgram(IPlaywright playwright) => this.playwright = playwright;

    /// <summary>Makes ready to start it.</summary>
    public static async Task<ChromiumProgram> PrepareAsync() => new(await Playwright.CreateAsync());

    /// <summary>A browser whose contexts keep nothing.</summary>
    /// <param name="more">Arguments on top.</param>
    public Task<IBrowser> LaunchAsync(params string[] more) => playwright.Chromium.LaunchAsync(new() { ExecutablePath = Script, Args = more });

    /// <summary>A browser with a profile, which the next one on the same folder finds again.</summary>
    public Task<IBrowserContext> LaunchOnAsync(string folder) =>
        playwright.Chromium.LaunchPersistentContextAsync(folder, new() { ExecutablePath = Script });

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        playwright.Dispose();
        return ValueTask.CompletedTask;
    }
}
