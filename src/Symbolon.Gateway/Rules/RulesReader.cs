using System.Collections.Immutable;
using System.Globalization;
using Symbolon.AspNetCore;
using Symbolon.Gateway.Requests;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Symbolon.Gateway.Rules;

/// <summary>Turns the parsed file into rules, and says at which line and column it cannot.</summary>
internal static class RulesReader
{
    private const string Members = "path, methods, public, roles, scopes, mode, max_staleness, when_stale";
    private const int MaxRules = 1_000;

    /// <summary>Reads the document.</summary>
    /// <exception cref="RulesException">The rules are refused.</exception>
    public static RouteRules Read(YamlNode root, RulesAbility has)
    {
        if (root is not YamlMappingNode { Children: { Count: 1 } top } || Text(top.First().Key) != "rules")
            throw Refused(root, "Write one member 'rules' with a list. For no rules at all: rules: []");
        if (top.First().Value is not YamlSequenceNode list) throw Refused(top.First().Value, "'rules' must be a list.");
        if (list.Children.Count > MaxRules) throw Refused(list, $"There are over {MaxRules} rules.");
        var rules = new List<RouteRule>();
        foreach (var node in list.Children)
        {
            var rule = ReadRule(node, has);
            if (rules.Find(other => Overlaps(other, rule)) is { } twin)
                throw Refused(node, $"The rule of line {twin.Line} is for the same path and method. Join the two (case makes no difference).");
            rules.Add(rule);
        }

        return new RouteRules(rules);
    }

    private static RouteRule ReadRule(YamlNode node, RulesAbility has)
    {
        if (node is not YamlMappingNode mapping) throw Refused(node, "A rule is a mapping that begins with 'path'.");
        var rule = new RouteRule { Path = "", Line = (int)node.Start.Line };
        foreach (var (key, value) in mapping.Children) rule = Take(rule, key, value);
        if (rule.Path.Length == 0) throw Refused(node, "The rule has no 'path'. Write for example path: /admin");
        if (rule.IsPublic && (rule.Roles.Length > 0 || rule.Scopes.Length > 0 || rule.Mode is not null || rule.MaxStaleness is not null || rule.WhenStale is not null))
            throw Refused(node, "A public rule looks at no token: leave the other demands out, or leave out 'public'.");
        if (rule.Mode is SymbolonMode.Offline or SymbolonMode.Live && (rule.MaxStaleness is not null || rule.WhenStale is not null))
            throw Refused(node, "'max_staleness' and 'when_stale' are for mode revocable: the other two look at no view.");
        if (!has.Feed && (rule.Mode == SymbolonMode.Revocable || rule.MaxStaleness is not null || rule.WhenStale is not null))
            throw Refused(node, "Nobody says what is revoked. Set Gateway:Feed:Url, or write mode: offline");
        if (!has.Live && rule.Mode == SymbolonMode.Live)
            throw Refused(node, "Nobody can be asked. Set Gateway:Feed:Url or Gateway:Feed:IntrospectionUrl, or write another mode.");
        return rule;
    }

    private static RouteRule Take(RouteRule rule, YamlNode key, YamlNode value) => Text(key) switch
    {
        "path" => rule with { Path = ReadPath(value) },
        "methods" => rule with { Methods = ReadNames(value, "methods: [GET, POST]", OriginalRequest.IsMethod, "a method in capitals") },
        "public" => rule with { IsPublic = Choice(value, ("true", true), ("false", false)) },
        "roles" => rule with { Roles = ReadNames(value, "roles: [admin]", static role => !role.Any(char.IsControl), "a role") },
        "scopes" => rule with { Scopes = ReadNames(value, "scopes: [orders.read]", static scope => scope.All(c => c is > ' ' and < '\x7f' and not '"' and not '\\'), "a scope") },
        "mode" => rule with { Mode = Choice(value, ("offline", SymbolonMode.Offline), ("revocable", SymbolonMode.Revocable), ("live", SymbolonMode.Live)) },
        "max_staleness" => rule with { MaxStaleness = ReadLength(value) },
        "when_stale" => rule with { WhenStale = Choice(value, ("deny", WhenStale.Deny), ("ask", WhenStale.Ask), ("allow", WhenStale.Allow)) },
        _ => throw Refused(key, $"'{key}' is no member of a rule. Known: {Members}."),
    };

    private static string ReadPath(YamlNode node)
    {
        var path = Text(node) ?? throw Refused(node, "A path is text, such as /admin");
        if (path.Contains('*', StringComparison.Ordinal)) throw Refused(node, "A path holds for everything below it: write /admin, not /admin/*");
        if (path.Contains('?', StringComparison.Ordinal)) throw Refused(node, "A path has no query: rules do not look at it.");
        // Written plainly or percent-encoded; a plain one is encoded first.
        if (!PathNormalization.TryNormalize(string.Concat(path.EnumerateRunes().Select(Escape)), out var normalized))
            throw Refused(node, $"'{path}' is no path that a request can have here. It begins with a slash, has no empty, '.' or '..' segment, none that ends in a dot or a space, no backslash, no semicolon and no accents apart from their letters.");
        return normalized is "/" ? "/" : normalized.TrimEnd('/');
    }

    private static string Escape(System.Text.Rune rune) => rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString());

    private static ImmutableArray<string> ReadNames(YamlNode node, string example, Func<string, bool> isOne, string what)
    {
        if (node is not YamlSequenceNode { Children: { Count: > 0 } list }) throw Refused(node, $"This must be a list with at least one entry, such as {example}. Leave it out for no demand.");
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in list)
        {
            if (Text(entry) is not { Length: > 0 } name || !isOne(name)) throw Refused(entry, $"This is not {what}. Write for example {example}");
            if (names.Contains(name)) throw Refused(entry, $"'{name}' stands here twice.");
            names.Add(name);
        }

        return names.ToImmutable();
    }

    private static TimeSpan ReadLength(YamlNode node) =>
        TimeSpan.TryParseExact(Text(node), "c", CultureInfo.InvariantCulture, out var length) && length >= TimeSpan.Zero && length <= TimeSpan.FromDays(1)
            ? length
            : throw Refused(node, "This must be a length of at most one day, such as 00:00:05");

    private static T Choice<T>(YamlNode node, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        var text = Text(node);
        foreach (var (name, value) in choices)
        {
            if (name == text) return value;
        }

        throw Refused(node, $"This must be one of: {string.Join(", ", choices.ToArray().Select(choice => choice.Name))}.");
    }

    private static bool Overlaps(RouteRule one, RouteRule other) =>
        string.Equals(one.Path, other.Path, StringComparison.OrdinalIgnoreCase)
        && (one.Methods.IsEmpty ? other.Methods.IsEmpty : one.Methods.Intersect(other.Methods).Any());

    private static string? Text(YamlNode node) => (node as YamlScalarNode)?.Value;

    private static RulesException Refused(YamlNode at, string why) => new(at.Start.Line, at.Start.Column, why);
}
