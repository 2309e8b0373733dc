using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority;
using Symbolon.Authority.Accounts;
using Symbolon.Server.Hosting;
using Symbolon.Sessions;

namespace Symbolon.Server.Processes;

/// <summary>The whole server inside the test's process, listening; its operations and stores are at hand.</summary>
internal sealed class InProcessServer : IAsyncDisposable
{
    public const string AdminPassword = "correct horse battery";

    private readonly WebApplication app;
    private SubjectId? subject;
    private int sessions;

    private InProcessServer(WebApplication app, Uri address)
    {
        this.app = app;
        Api = new Api(address);
    }

    public Api Api { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Starts it. Its administrator's password is given: nothing is printed.</summary>
    public static async Task<InProcessServer> StartAsync(ServerSettings settings)
    {
        var quiet = settings.With("Logging:LogLevel:Default", "Error").With("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Error").With("Symbolon:Admin:Password", AdminPassword);
        var built = Composition.Build(quiet.ToArguments());
        await built.StartAsync();
        return new InProcessServer(built, new Uri(settings.Address));
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>A new account without a password.</summary>
    public async Task<SubjectId> NewSubjectAsync()
    {
        var id = Guid.CreateVersion7().ToString("D");
        var user = new SymbolonUser { Id = id, UserName = id, NormalizedUserName = id.ToUpperInvariant(), SecurityStamp = Guid.NewGuid().ToString("N") };
        Assert.True((await Get<IUserStore<SymbolonUser>>().CreateAsync(user, default)).Succeeded);
        return new SubjectId(id);
    }

    /// <summary>A session without a password's hash: of an account of its own, or of one that some others share.</summary>
    public async Task<IssuedTokens> StartSessionAsync(bool ownSubject = false)
    {
        if (ownSubject) return await Get<SymbolonAuthority>().StartAsync(new SessionRequest(await NewSubjectAsync()));
        if (subject is null || ++sessions % 50 == 0) subject = await NewSubjectAsync();
        return await Get<SymbolonAuthority>().StartAsync(new SessionRequest(subject.Value));
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
