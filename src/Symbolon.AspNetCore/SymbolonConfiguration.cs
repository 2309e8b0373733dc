using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Symbolon.Jose;

namespace Symbolon.AspNetCore;

/// <summary>Reads a scheme's options from <c>Authentication:Schemes:{name}</c>, where ASP.NET Core keeps them. What the application's code sets wins.</summary>
internal sealed class SymbolonConfiguration(SymbolonSchemes schemes, IAuthenticationConfigurationProvider? configuration = null) : IConfigureNamedOptions<SymbolonOptions>
{
    public void Configure(SymbolonOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, SymbolonOptions options)
    {
        if (name is null || !schemes.Has(name) || configuration?.GetSchemeConfiguration(name) is not { } section || !section.GetChildren().Any()) return;
        section.Get<Settings>(binder => binder.ErrorOnUnknownConfiguration = true)?.ApplyTo(options);
    }

    // What may stand in a configuration file; null where nothing stands.
    private sealed class Settings
    {
        public string? Authority { get; set; }

        public string? Issuer { get; set; }

        public string? Audience { get; set; }

        public List<string> Audiences { get; set; } = [];

        public string? ClientId { get; set; }

        public string? ClientSecret { get; set; }

        public string? VerifierName { get; set; }

        public Uri? JwksUri { get; set; }

        public string? InitialJwks { get; set; }

        public bool? DeriveKeyAlgorithms { get; set; }

        public Uri? RevocationUri { get; set; }

        public Uri? TokenUri { get; set; }

        public Uri? IntrospectionUri { get; set; }

        public List<JwsAlgorithm> Algorithms { get; set; } = [];

        public TimeSpan? ClockSkew { get; set; }

        public TimeSpan? MaxTokenAge { get; set; }

        public SymbolonMode? Mode { get; set; }

        public TimeSpan? MaxStaleness { get; set; }

        public WhenStale? WhenStale { get; set; }

        public int? RememberedTokens { get; set; }

        public string? Cookie { get; set; }

        public List<string> Origins { get; set; } = [];

        public List<string> QueryPaths { get; set; } = [];

        public TimeSpan? ClosingGrace { get; set; }

        public void ApplyTo(SymbolonOptions options)
        {
            options.Authority = Authority ?? options.Authority;
            options.Issuer = Issuer ?? options.Issuer;
            options.Audience = Audience ?? options.Audience;
            Audiences.ForEach(options.Audiences.Add);
            options.ClientId = ClientId ?? options.ClientId;
            options.ClientSecret = ClientSecret ?? options.ClientSecret;
            options.VerifierName = VerifierName ?? options.VerifierName;
            options.JwksUri = JwksUri ?? options.JwksUri;
            options.InitialJwks = InitialJwks ?? options.InitialJwks;
            options.DeriveKeyAlgorithms = DeriveKeyAlgorithms ?? options.DeriveKeyAlgorithms;
            options.RevocationUri = RevocationUri ?? options.RevocationUri;
            options.TokenUri = TokenUri ?? options.TokenUri;
            options.IntrospectionUri = IntrospectionUri ?? options.IntrospectionUri;
            if (Algorithms.Count > 0) options.Algorithms.Clear(); // a list in the file is the whole list
            Algorithms.ForEach(options.Algorithms.Add);
            options.ClockSkew = ClockSkew ?? options.ClockSkew;
            options.MaxTokenAge = MaxTokenAge ?? options.MaxTokenAge;
            options.Mode = Mode ?? options.Mode;
            options.MaxStaleness = MaxStaleness ?? options.MaxStaleness;
            options.WhenStale = WhenStale ?? options.WhenStale;
            options.RememberedTokens = RememberedTokens ?? options.RememberedTokens;
            options.Cookie = Cookie ?? options.Cookie;
            Origins.ForEach(options.Origins.Add);
            QueryPaths.ForEach(options.QueryPaths.Add);
            options.ClosingGrace = ClosingGrace ?? options.ClosingGrace;
        }
    }
}
