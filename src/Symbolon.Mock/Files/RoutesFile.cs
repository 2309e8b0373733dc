using System.Text.Json;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Mock.Routes;

namespace Symbolon.Mock.Files;

/// <summary>Reads <c>routes.json</c>. What would leave a route open by mistake is refused.</summary>
internal static class RoutesFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxSize = 1024 * 1024;

    private const int MaxRoutes = 1_000, LongestPath = 1_024, LongestName = 64;
    private static readonly string[] Known = ["path", "methods", "roles", "scope", "anonymous", "mode", "status", "body"];
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    private static readonly string[] Modes = ["live", "revocable", "offline"];

    /// <summary>The routes, or every mistake.</summary>
    public static MockFile<IReadOnlyList<MockRoute>> Parse(string file, ReadOnlyMemory<byte> bytes)
    {
        var mistakes = new List<MockFileMistake>();
        var routes = new List<(MockRoute Route, int Line)>();
        foreach (var item in ObjectList.Of(file, bytes, new ListShape(MaxSize, MaxRoutes, "routes", "a route"), mistakes))
        {
            var members = new MemberReader(file, item, mistakes);
            if (ReadRoute(members) is not { } route) continue;
            if (routes.Find(earlier => Globs.Covers(earlier.Route, route)) is { Route: not null } cover)
                members.Refuse(members.LineOf("path"), $"the route is never reached: \"{cover.Route.Path}\" in line {cover.Line} matches first; put the special one before the general one");
            routes.Add((route, members.LineOf("path")));
        }

        return mistakes.Count == 0 ? new MockFile<IReadOnlyList<MockRoute>>.Read([.. routes.Select(pair => pair.Route)])
            : new MockFile<IReadOnlyList<MockRoute>>.Refused([.. mistakes.OrderBy(mistake => mistake.Line)]);
    }

    private static MockRoute? ReadRoute(MemberReader members)
    {
        members.RefuseOthers("a route", Known);
        var path = ReadPath(members);
        var route = new MockRoute(path ?? "/")
        {
            Methods = Names(members, "methods", Methods.Contains, $"one of {string.Join(", ", Methods)}"),
            Roles = Names(members, "roles", RoleRules.IsRole, $"a role: {RoleRules.OneForm}"),
            Scope = ReadScope(members),
            IsAnonymous = members.Flag("anonymous") ?? false,
            Mode = ReadMode(members),
            Status = members.Number("status", 200, 599) ?? 200,
            Body = members.Any("body")?.ToElement(),
        };
        foreach (var demand in (ReadOnlySpan<string>)["roles", "scope", "mode"])
        {
            if (route.IsAnonymous && members.Has(demand)) members.Refuse(members.LineOf(demand), $"a route with \"anonymous\" looks at no token: leave out \"{demand}\" or \"anonymous\"");
        }

        if (route.Body is not null && route.Status is 204 or 205 or 304) members.Refuse(members.LineOf("body"), $"an answer with status {route.Status} has no body");
        return path is null ? null : route;
    }

    private static string? ReadPath(MemberReader members)
    {
        if (!members.Has("path")) members.Refuse(members.LineOf("path"), "the route has no \"path\"");
        if (members.Text("path", LongestPath) is not { } path) return null;
        if (Globs.Mistake(path) is not { } why) return path;
        members.Refuse(members.LineOf("path"), $"\"path\" {why}");
        return null;
    }

    // An empty list would read as "nobody" to one and as "everybody" to another.
    private static IReadOnlyList<string> Names(MemberReader members, string name, Func<string, bool> isOne, string what)
    {
        var names = members.Texts(name, isOne, what);
        if (members.Any(name) is { Kind: JsonValueKind.Array, Items.Count: 0 }) members.Refuse(members.LineOf(name), $"\"{name}\" must have at least one entry; leave it out for any");
        return names ?? [];
    }

    private static string? ReadScope(MemberReader members)
    {
        if (members.Text("scope", LongestName) is not { } scope) return null;
        if (!scope.All(c => c is > ' ' and < '\x7f' and not '"' and not '\\')) members.Refuse(members.LineOf("scope"), "\"scope\" must be one scope, without spaces, quotes and backslashes");
        return scope;
    }

    private static SymbolonMode ReadMode(MemberReader members)
    {
        if (members.Text("mode", LongestName) is not { } mode) return SymbolonMode.Revocable;
        if (!Modes.Contains(mode)) members.Refuse(members.LineOf("mode"), $"\"mode\" must be one of {string.Join(", ", Modes)}, but is \"{mode}\"");
        return mode == "live" ? SymbolonMode.Live : mode == "offline" ? SymbolonMode.Offline : SymbolonMode.Revocable;
    }
}
