using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;
using Symbolon.Authority;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Endpoints;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the session authority to an application.</summary>
public static class SymbolonServiceCollectionExtensions
{
    /// <summary>Adds the authority and the authentication scheme that checks its tokens in this process. Go on with a store and <c>AddUsers</c>, then map it: <c>app.MapSymbolon("/auth")</c>.</summary>
    public static SymbolonBuilder AddSymbolon(this IServiceCollection services, Action<AuthorityOptions>? configure = null)
    {
        services.AddOptions<AuthorityOptions>().BindConfiguration(AuthorityOptions.Section).ValidateOnStart();
        if (configure is not null) services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthorityOptions>, AuthorityOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        AddKeys(services);
        AddOperations(services);
        AddAuthentication(services);
        services.TryAddSingleton(provider => new SymbolonAuthority(
            provider.GetRequiredService<Clients>(), provider.GetRequiredService<AccountDirectory>(), provider.GetRequiredService<ISubjectStore>(),
            provider.GetRequiredService<StartSession>(), provider.GetRequiredService<EndSessions>(), provider.GetRequiredService<ManageAccount>()));
        return new SymbolonBuilder(services);
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.TryAddSingleton(provider => MasterKeyLoading.Load(Options(provider)));
        services.TryAddSingleton(provider => new RefreshTokenKeys(provider.GetRequiredService<MasterKeys>(), Options(provider).Issuer));
        services.TryAddSingleton<KeyRing>();
        services.TryAddSingleton<RotateSigningKeys>();
        services.TryAddSingleton<KeyRingRefresh>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRingRefresh>());
    }

    private static void AddOperations(IServiceCollection services)
    {
        services.TryAddSingleton(provider => Lifetime(Options(provider).Session));
        foreach (var operation in new[]
        {
            typeof(Clients), typeof(RefreshRules), typeof(TokenIssuer), typeof(RefreshSession), typeof(StartSession), typeof(CheckPassword), typeof(LogIn), typeof(LogOut),
            typeof(Register), typeof(ChangeSubject), typeof(EndSessions), typeof(AfterRestore), typeof(ListSessions), typeof(ChangePassword), typeof(ChangeProfile), typeof(DeleteAccount),
            typeof(ManageAccount), typeof(HousekeepingLogs), typeof(PasswordHashing), typeof(FailureLimits), typeof(AddressLimits), typeof(AuthorityMetrics),
            typeof(AuthorityTelemetry), typeof(RefreshCookie), typeof(SignInRules), typeof(CookieJar), typeof(ClientAuthentication),
            typeof(RevocationBroadcast), typeof(RevocationStream), typeof(Acknowledgements), typeof(Receipts), typeof(ReceiptExchange), typeof(OtherServers), typeof(SessionNewsPlaces), typeof(SessionNewsStream),
            typeof(IssueClientToken), typeof(ClientLiveCheck), typeof(OwnTokens), typeof(IntrospectToken), typeof(RevokeToken),
        })
        {
            services.TryAddSingleton(operation);
        }

        // The issuer is this origin too, also behind a proxy that passes another Host on.
        services.TryAddSingleton(provider => new CrossSiteRule([.. Options(provider).Cors.Origins], new Uri(Options(provider).Issuer).GetLeftPart(UriPartial.Authority)));
        services.AddMetrics();
        services.AddCors();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>, CorsPolicy>());
        services.AddHostedService<Housekeeping>();
    }

    private static void AddAuthentication(IServiceCollection services)
    {
        services.TryAddSingleton<InProcessKeySource>();
        services.TryAddSingleton<InProcessRevocationFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<OtherServers>());
        services.AddHostedService(provider => provider.GetRequiredService<ReceiptExchange>());
        services.AddHostedService<RevocationFollower>();
        services.TryAddSingleton<SessionLiveCheck>();
        // Not AddAuthentication(): it brings Data Protection, which nothing here needs, and which writes keys of its own to the disk.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddSymbolon();
        services.AddAuthorization();
        services.PostConfigure<AuthenticationOptions>(o => o.DefaultScheme ??= SymbolonDefaults.AuthenticationScheme);
        services.AddOptions<SymbolonOptions>(SymbolonDefaults.AuthenticationScheme).Configure<IOptions<AuthorityOptions>, IServiceProvider>((scheme, authority, provider) =>
        {
            scheme.Sources = new TokenCheckSources(
                provider.GetRequiredService<InProcessKeySource>(), provider.GetRequiredService<InProcessRevocationFeed>(), provider.GetRequiredService<SessionLiveCheck>());
            scheme.Issuer = authority.Value.Issuer;
            scheme.Audiences.Add(authority.Value.Audience);
            foreach (var audience in authority.Value.Clients.SelectMany(client => client.Audiences)) scheme.Audiences.Add(audience);
            scheme.Algorithms.Add(JwsAlgorithm.HS256); // issuer and verifier are one process
        });
        VerifierRoutes.AddScheme(services);
    }

    private static SessionLifetime Lifetime(SessionOptions session) => new(session.Inactivity, session.Absolute, session.AbsoluteWhenNotRemembered);

    private static AuthorityOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<AuthorityOptions>>().Value;
}
