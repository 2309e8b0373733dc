using System.Collections.Immutable;
using Symbolon.AspNetCore;

namespace Symbolon.Gateway.Rules;

/// <summary>What a part of the paths asks of its callers.</summary>
internal sealed record RouteRule
{
    /// <summary>The rule of paths that no rule names: a valid token, whatever it says.</summary>
    public static RouteRule Default { get; } = new() { Path = "/" };

    /// <summary>The path, decoded, without a slash at its end (but for <c>/</c> itself). It and everything below it.</summary>
    public required string Path { get; init; }

    /// <summary>Methods that the rule is for; empty for all.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>Everybody passes, and nobody is named.</summary>
    public bool IsPublic { get; init; }

    /// <summary>One of these roles is needed, if there are any.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>All of these scopes are needed.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>The mode; the gateway's own where the rule names none.</summary>
    public SymbolonMode? Mode { get; init; }

    /// <summary>How old the view may be; the gateway's own bound where the rule names none.</summary>
    public TimeSpan? MaxStaleness { get; init; }

    /// <summary>What happens beyond that.</summary>
    public WhenStale? WhenStale { get; init; }

    /// <summary>Line of the rules' file.</summary>
    public int Line { get; init; }

    /// <summary>How sure this rule wants to be, over what the gateway says for all.</summary>
    public RouteDemand Over(RouteDemand all) => new(Mode ?? all.Mode, MaxStaleness ?? all.MaxStaleness, WhenStale ?? all.WhenStale);

    /// <summary>How closely it is for a method. Who may read may also ask without the body: GET covers HEAD.</summary>
    public MethodFit For(string method) =>
        Methods.IsEmpty ? MethodFit.All : Methods.Contains(method) ? MethodFit.Named : method == "HEAD" && Methods.Contains("GET") ? MethodFit.GetForHead : MethodFit.None;

    // Servers that ignore case serve /ADMIN as /admin, so a rule holds in any case; only what it gives away, it gives away as written.
    public bool Covers(string path)
    {
        if (Path.Length == 1) return true;
        return path.StartsWith(Path, IsPublic ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase) && (path.Length == Path.Length || path[Path.Length] == '/');
    }
}

/// <summary>How closely a rule is for a method: of several rules of one path, the closest decides.</summary>
internal enum MethodFit
{
    /// <summary>It lists others.</summary>
    None,

    /// <summary>It lists none.</summary>
    All,

    /// <summary>It lists GET, and the method is HEAD.</summary>
    GetForHead,

    /// <summary>It lists the method.</summary>
    Named,
}
