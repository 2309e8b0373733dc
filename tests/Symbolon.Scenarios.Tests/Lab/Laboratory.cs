using Microsoft.Playwright;
using Symbolon.Chromium;

[assembly: AssemblyFixture(typeof(Symbolon.Scenarios.Lab.Laboratory))]

namespace Symbolon.Scenarios.Lab;

/// <summary>One browser for all scenarios. Each has a context and an authority of its own.</summary>
public sealed class Laboratory : IAsyncLifetime
{
    /// <summary>A name of this machine that the browser takes for one in a local network: not loopback, so no secure context.</summary>
    public const string NameInTheNetwork = "box.lan.test";

    private ChromiumProgram? program;
    private IBrowser? browser;

    public ChromiumProgram Program => program!;

    public IBrowser Browser => browser!;

    public async ValueTask InitializeAsync()
    {
        program = await ChromiumProgram.PrepareAsync();
        browser = await program.LaunchAsync([$"--host-resolver-rules=MAP {NameInTheNetwork} 127.0.0.1"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        if (program is not null) await program.DisposeAsync();
    }
}
