using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Symbolon.Authority;

namespace Symbolon.Server.Hosting;

/// <summary>Where the server listens, who it says it is, and whose forwarded headers it believes.</summary>
internal static class Listening
{
    /// <summary>The address without any configuration.</summary>
    public const string Default = "http://localhost:5080";

    private static readonly string[] Keys = ["urls", "http_ports", "https_ports"];
    private static readonly string[] Schemes = ["http", "https"];

    public static bool IsConfigured(IConfiguration configuration) =>
        Keys.Any(key => !string.IsNullOrEmpty(configuration[key])) || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();

    /// <summary>The configured addresses, as written.</summary>
    public static IReadOnlyList<string> Addresses(IConfiguration configuration)
    {
        var urls = (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ports = from scheme in Schemes
                    from port in (configuration[$"{scheme}_ports"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    select $"{scheme}://*:{port}";
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();
        IReadOnlyList<string> all = [.. endpoints, .. urls.Length > 0 ? urls : ports];
        return all.Count > 0 ? all : [Default];
    }

    /// <summary>Reads an address to listen on.</summary>
    /// <exception cref="ServerStartException">It is none.</exception>
    public static BindingAddress Parse(string address)
    {
        try
        {
            return BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            throw new ServerStartException($"'{address}' is not an address to listen on. Write it like http://localhost:5080 (--urls).");
        }
    }

    /// <summary>In Development the issuer is the first address, unless it is configured.</summary>
    public static void IssuerInDevelopment(AuthorityOptions options, IHostEnvironment environment, IConfiguration configuration)
    {
        if (options.Issuer.Length > 0 || !environment.IsDevelopment()) return;
        var address = Parse(Addresses(configuration)[0]);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        options.Issuer = address.Port is 80 or 443 ? $"{address.Scheme}://{host}" : $"{address.Scheme}://{host}:{address.Port}";
    }

    /// <summary>The networks of <c>Symbolon:Proxies</c>; nobody's headers are believed without them.</summary>
    public static IReadOnlyList<System.Net.IPNetwork> Proxies(IConfiguration configuration) => [.. configuration.GetSection("Symbolon:Proxies").GetChildren()
        .Select(entry => entry.Value ?? "")
        .Select(text => System.Net.IPNetwork.TryParse(text, out var network) ? network
            : IPAddress.TryParse(text, out var address) ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new ServerStartException($"Symbolon:Proxies: '{text}' is not a network such as 10.0.0.0/8 or an address."))];

    public static void BelieveProxies(ForwardedHeadersOptions options, IConfiguration configuration)
    {
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in Proxies(configuration)) options.KnownIPNetworks.Add(network);
        options.ForwardLimit = null; // as far as the addresses are known ones
        options.ForwardedHeaders = options.KnownIPNetworks.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedPrefix;
    }
}
