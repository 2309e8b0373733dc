using Microsoft.Playwright;
using Symbolon.Chromium;

[assembly: AssemblyFixture(typeof(Symbolon.Browser.Chromium))]

namespace Symbolon.Browser;

/// <summary>One browser and the servers that its pages come from, for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private ChromiumProgram? program;
    private IBrowser? browser;
    private Authority? ordinary, strict;

    /// <summary>The server with its defaults.</summary>
    public Authority Ordinary => ordinary!;

    /// <summary>
    /// A server that forgives nothing: without overlap and settle, a token that comes a second time ends the session, unless it comes with
    /// the attempt id of the first time. A page that breaks one of its rules is signed out here.
    /// </summary>
    public Authority Strict => strict!;

    public async ValueTask InitializeAsync()
    {
        ordinary = await Authority.StartAsync();
        strict = await Authority.StartAsync(("Symbolon:Refresh:Overlap", "00:00:00"), ("Symbolon:Refresh:Settle", "00:00:00"));
        program = await ChromiumProgram.PrepareAsync();
        browser = await program.LaunchAsync();
    }

    public Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options) => browser!.NewContextAsync(options);

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        if (program is not null) await program.DisposeAsync();
        if (ordinary is not null) await ordinary.DisposeAsync();
        if (strict is not null) await strict.DisposeAsync();
    }
}
