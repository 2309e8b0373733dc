using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Symbolon.Authority;
using Symbolon.Authority.Accounts;
using Symbolon.Server.Hosting;
using Symbolon.Sessions;
using Symbolon.Testing;

namespace Symbolon.Edge.Processes;

/// <summary>Makes accounts and sessions on a running server's database without waiting for password hashes: the same authority in this process, for a moment.</summary>
internal sealed class Seed : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    // One round: made in no time, and as good for a test.
    private static readonly PasswordHasher<SymbolonUser> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 1 }));
    private readonly WebApplication app;

    private Seed(WebApplication app) => this.app = app;

    /// <summary>Opens the database of a server that runs on SQLite.</summary>
    public static async Task<Seed> OpenAsync(ServerProcess server)
    {
        var issuer = server.Address.GetLeftPart(UriPartial.Authority);
        var started = Composition.Build(
        [
            "--environment=Development", "--urls=http://127.0.0.1:0", $"--Symbolon:Issuer={issuer}", $"--ConnectionStrings:Symbolon=Data Source={Path.Combine(server.Folder, "symbolon.db")}",
            $"--Symbolon:Admin:Password={ServerProcess.AdminPassword}", "--Logging:LogLevel:Default=Error",
        ]);
        await started.StartAsync();
        return new Seed(started);
    }

    /// <summary>A new account; with the role of administrators, where that is wanted.</summary>
    public async Task<string> NewAccountAsync(params string[] roles)
    {
        var id = Guid.CreateVersion7().ToString("D");
        var user = new SymbolonUser { Id = id, UserName = id, NormalizedUserName = id.ToUpperInvariant(), SecurityStamp = Guid.NewGuid().ToString("N"), Roles = [.. roles] };
        user.PasswordHash = Hasher.HashPassword(user, Password);
        Assert.True((await app.Services.GetRequiredService<IUserStore<SymbolonUser>>().CreateAsync(user, default)).Succeeded);
        return id;
    }

    /// <summary>A new session of an account; of a new account when none is named.</summary>
    public async Task<SignedIn> StartAsync(string? account = null)
    {
        account ??= await NewAccountAsync();
        var tokens = await app.Services.GetRequiredService<SymbolonAuthority>().StartAsync(new SessionRequest(new SubjectId(account)));
        return new SignedIn(account, tokens.Session.Id.ToString(), tokens.AccessToken, tokens.RefreshToken);
    }

    /// <summary>Several, of accounts of their own.</summary>
    public async Task<SignedIn[]> StartManyAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartAsync()));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
