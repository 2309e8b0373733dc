using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Mock.Clock;
using Symbolon.Mock.Data;
using Symbolon.Mock.Hosting;

namespace Symbolon.Mock.Profiles;

/// <summary>A profile in one world: its users and data, and the parts of the engine that it uses.</summary>
internal sealed class ProfileWorld
{
    private readonly IReadOnlyList<MockAccount> start;

    /// <summary>Makes it.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="engine">The engine.</param>
    public ProfileWorld(Profile profile, IServiceProvider engine)
    {
        T Of<T>() where T : notnull => engine.GetRequiredService<T>();

        (Definition, Settings) = (profile.Definition, profile.Settings);
        (Accounts, Sessions, Engine) = (Of<AccountDirectory>(), Of<ISessionStore>(), engine);
        Token = Definition.Token is { } form ? form with { Lifetime = Of<WorldPlan>().Options.AccessTokenLifetime ?? form.Lifetime } : null;
        Users = new ProfileUsers(Accounts, profile.Accounts, Definition.FirstId, KeepsPasswords);
        start = profile.Accounts;
        Data = profile.Data is { } data ? new DataStore(data) : null;
        Callers = new ProfileCallers(Token, Users, Of<SessionLiveCheck>(), Sessions, Accounts, Of<ExpiryMarks>());
        SignIn = new ProfileSessions(this, Of<LogIn>(), Of<Register>(), Of<SymbolonAuthority>(), Of<RefreshSession>(), Of<Clients>());
    }

    public ProfileDefinition Definition { get; }

    /// <summary>Its own tokens, as long as <c>--ttl</c> says where it says something; null where they are the engine's.</summary>
    public ProfileTokenForm? Token { get; }

    /// <summary>Whether passwords are kept in clear, to be given away as the original does.</summary>
    public bool KeepsPasswords => Settings.IsBugCompatible && Definition.ShowsPasswords;

    /// <summary>Refresh tokens in clear, for the original that keeps them; empty unless its bugs are wished for.</summary>
    public RefreshLedger Ledger { get; } = new();

    /// <summary>Whether it began with an account of a user name.</summary>
    public bool StartsWith(string userName) => start.Any(account => account.UserName.Equals(userName, StringComparison.OrdinalIgnoreCase));

    public ProfileSettings Settings { get; }

    public ProfileUsers Users { get; }

    public DataStore? Data { get; }

    public ProfileCallers Callers { get; }

    public ProfileSessions SignIn { get; }

    public AccountDirectory Accounts { get; }

    public ISessionStore Sessions { get; }

    /// <summary>For what only one profile needs.</summary>
    public IServiceProvider Engine { get; }
}
