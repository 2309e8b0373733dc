using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.InMemory;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority;

/// <summary>Completes the authority: a store and the accounts.</summary>
public sealed class SymbolonBuilder
{
    internal SymbolonBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Uses the application's ASP.NET Core Identity users, under its own rules. Call <c>AddIdentityCore</c>, <c>AddIdentity</c> or the like as well.</summary>
    /// <typeparam name="TUser">The application's user class.</typeparam>
    public SymbolonBuilder AddUsers<TUser>(Action<UserMapping<TUser>>? configure = null) where TUser : class, new()
    {
        var mapping = new UserMapping<TUser>();
        configure?.Invoke(mapping);
        Services.AddHttpContextAccessor();
        Services.TryAddScoped<IUserConfirmation<TUser>, DefaultUserConfirmation<TUser>>();
        Services.TryAddScoped<IUserClaimsPrincipalFactory<TUser>, UserClaimsPrincipalFactory<TUser>>();
        Services.TryAddScoped<SignInManager<TUser>>();
        Services.TryAddSingleton(mapping);
        Services.TryAddSingleton<AccountDirectory, IdentityAccounts<TUser>>();
        return this;
    }

    /// <summary>Keeps everything in memory: for tests and trials. Nothing survives a restart.</summary>
    public SymbolonBuilder AddInMemory()
    {
        Services.TryAddSingleton<InMemoryState>();
        Services.TryAddSingleton<ISessionStore, InMemorySessionStore>();
        Services.TryAddSingleton<ISubjectStore, InMemorySubjectStore>();
        Services.TryAddSingleton<IRevocationLog, InMemoryRevocationLog>();
        Services.TryAddSingleton<IKeyStore, InMemoryKeyStore>();
        Services.TryAddSingleton<IEventLog, InMemoryEventLog>();
        Services.TryAddSingleton<IServerRegistry, InMemoryServerRegistry>();
        return this;
    }
}
