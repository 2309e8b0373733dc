using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;
using Symbolon.Authority;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Endpoints;
using Symbolon.Authority.InMemory;
using Symbolon.Keys;
using Symbolon.Mock.Clock;
using Symbolon.Mock.Control;

namespace Symbolon.Mock.Hosting;

/// <summary>The services of a world: the engine as an application adds it, and the few things that a mock has otherwise.</summary>
internal static class WorldServices
{
    // Nobody guesses passwords here, and tests log in often.
    private const int Unlimited = 1_000_000;
    private const int CheapIterations = 1;

    public static void Add(IServiceCollection services, WorldPlan plan)
    {
        services.AddSingleton<IServer, WorldServer>();
        services.AddRouting();
        services.AddSingleton(plan);
        services.AddSingleton(plan.Clock);
        services.AddSingleton<TimeProvider>(plan.Clock);
        services.AddSingleton(plan.Faults);
        services.AddSingleton(plan.Log);
        AddEngine(services, plan);
        AddVerification(services, plan);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
    }

    private static void AddEngine(IServiceCollection services, WorldPlan plan)
    {
        var keys = new SeededKeys(plan.Options.Seed);
        var symbolon = services.AddSymbolon(authority => Configure(authority, plan, keys)).AddInMemory();
        if (plan.Content.Profile is null) symbolon.AddOwnAccounts();
        else symbolon.AddOwnAccountsWithoutRules();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = CheapIterations);
        services.AddSingleton(keys);
        services.AddSingleton<WorldAccounts>();
        services.AddSingleton<ControlOperations>();
        services.AddSingleton(provider =>
        {
            var (time, authority) = (provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<AuthorityOptions>>().Value);
            return new InMemoryState(time) { Ring = keys.Ring(authority.AccessToken.Algorithm, time.GetUtcNow(), provider.GetRequiredService<MasterKeys>()) };
        });
    }

    private static void AddVerification(IServiceCollection services, WorldPlan plan)
    {
        // How old the view of what is revoked is says how long nobody has looked. Turning the clock is no such time: nothing can have been missed meanwhile.
        services.AddSingleton(new InProcessRevocationFeed(TimeProvider.System));
        services.AddSingleton<ExpiryMarks>();
        services.AddSingleton<VerificationClock>();
        services.AddOptions<SymbolonOptions>(SymbolonDefaults.AuthenticationScheme).Configure<VerificationClock>((scheme, clock) =>
        {
            scheme.TimeProvider = clock;
            scheme.ClockSkew = TimeSpan.Zero; // issuer and verifier share one clock: a token of 60 seconds is refused after 60
        });
        services.AddSingleton(new CrossSiteRule(origin => Origins.IsLoopback(origin) || plan.Options.CorsOrigins.Contains(origin), plan.Issuer));
        services.PostConfigure<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>(cors => AllowOrigins(cors.GetPolicy(CorsPolicyName)!, plan.Options));
    }

    /// <summary>The policy that every path of a mock has: the engine's own, for more origins and for any method and header, since the routes are stand-ins for somebody else's API.</summary>
    public static string CorsPolicyName => Authority.Endpoints.CorsPolicy.Name;

    private static void AllowOrigins(Microsoft.AspNetCore.Cors.Infrastructure.CorsPolicy policy, MockOptions options)
    {
        policy.IsOriginAllowed = origin => Origins.IsLoopback(origin) || options.CorsOrigins.Contains(origin);
        policy.Methods.Clear();
        policy.Methods.Add("*");
        policy.Headers.Clear();
        policy.Headers.Add("*");
        foreach (var name in new[] { "Link", "Location", "X-Total-Count" }) policy.ExposedHeaders.Add(name);
    }

    private static void Configure(AuthorityOptions authority, WorldPlan plan, SeededKeys keys)
    {
        authority.Issuer = plan.Issuer;
        authority.MasterKeys.Add(new MasterKeyOptions { Id = 1, Value = keys.MasterKey });
        authority.AccessToken.Jitter = 0;
        (authority.Accounts.MaxFailures, authority.Accounts.LoginsPerMinute, authority.Accounts.RegistrationsPerMinute) = (Unlimited, Unlimited, Unlimited);
        authority.Accounts.QueuedHashes = Unlimited;
        authority.Session.Limit = 1000;
        authority.Clients.Add(new ClientOptions
        {
            Id = MockDefaults.VerifierClient,
            SecretHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(MockDefaults.VerifierSecret))),
            Scopes = { Client.VerifierScope },
        });
        plan.Content.Profile?.Configure(authority);
        if (plan.Options.AccessTokenLifetime is { } life) authority.AccessToken.Lifetime = life;
        if (plan.Options.RefreshTokenLifetime is { } inactivity)
        {
            authority.Session.Inactivity = inactivity;
            if (authority.Session.Absolute < inactivity) authority.Session.Absolute = inactivity;
        }
    }
}
