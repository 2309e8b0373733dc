namespace Symbolon.Client.Http;

/// <summary>Where tokens may go: scheme, host and port, all three.</summary>
internal sealed class AllowedHosts
{
    private readonly HashSet<string> origins;

    /// <param name="authority">The authority's own address is always one: it issued the token.</param>
    /// <param name="entries">As in <see cref="SymbolonTokenOptions.AllowedHosts"/>.</param>
    public AllowedHosts(Uri authority, IEnumerable<string> entries) => origins = [OriginOf(authority), .. entries.SelectMany(Read)];

    /// <summary>Whether http to this machine is among them.</summary>
    public bool HavePlain => origins.Any(origin => origin.StartsWith("http:", StringComparison.Ordinal));

    /// <summary>Whether a request there may carry a token.</summary>
    public bool Allows(Uri address) => SymbolonClientOptionsValidation.IsSafe(address) && origins.Contains(OriginOf(address));

    /// <summary>Scheme, host and port of an address.</summary>
    public static string OriginOf(Uri address) => $"{address.Scheme}://{address.IdnHost.ToLowerInvariant()}:{address.Port}";

    /// <summary>What is wrong with an entry; null when nothing is.</summary>
    public static string? Problem(string? entry)
    {
        if (entry is null || Parse(entry) is not { } address || entry.Contains('*') || address.AbsolutePath != "/" || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            return $"AllowedHosts: '{entry}' is not a host. Write \"api.example\", \"api.example:8443\" or \"https://api.example\"; no paths, no wildcards.";
        return SymbolonClientOptionsValidation.IsSafe(address) ? null : $"AllowedHosts: '{entry}' must be https (http only to this machine): a token is worth a password while it lives.";
    }

    // Without a scheme: https, and to this machine http as well.
    private static IEnumerable<string> Read(string entry)
    {
        var address = Parse(entry)!;
        yield return OriginOf(address);
        if (!entry.Contains("://") && address.IsLoopback) yield return OriginOf(new Uri($"http://{entry}"));
    }

    private static Uri? Parse(string entry) =>
        Uri.TryCreate(entry.Contains("://") ? entry : $"https://{entry}", UriKind.Absolute, out var address) && address.Scheme is ("http" or "https") && address.Host.Length > 0 ? address : null;
}
