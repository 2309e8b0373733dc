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
    private bool isStopped;

    private InProcessServer(WebApplication app, Uri address)
    {
        this.app = app;
        (Address, Api) = (address, new Api(address));
    }

    public Api Api { get; }

    public IServiceProvider Services => app.Services;

    public Uri Address { get; }

    /// <summary>Starts it. Its administrator's password is given: nothing is printed.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="change">What it is to have otherwise than the program has it; null for nothing.</param>
    public static async Task<InProcessServer> StartAsync(ServerSettings settings, Action<IServiceCollection>? change = null)
    {
        var quiet = settings.With("Logging:LogLevel:Default", "Error").With("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Error").With("Symbolon:Admin:Password", AdminPassword);
        var builder = Composition.Configure(quiet.ToArguments());
        change?.Invoke(builder.Services);
        var built = Composition.Build(builder);
        try
        {
            await built.StartAsync();
        }
        catch
        {
            await built.DisposeAsync();
            throw;
        }

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

    /// <summary>Stops it. Once more does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isStopped) return;
        isStopped = true;
        Api.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
