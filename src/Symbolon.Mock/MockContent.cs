using Microsoft.AspNetCore.Routing;
using Symbolon.Authority;
using Symbolon.Mock.Files;
using Symbolon.Mock.Profiles;
using Symbolon.Mock.Routes;

namespace Symbolon.Mock;

/// <summary>What a mock serves beside the engine's own endpoints. Immutable: a reset starts from it again.</summary>
/// <param name="Accounts">The accounts to start with.</param>
/// <param name="Parts">What is mapped, in this order; each keeps the state of one world in what it maps.</param>
internal sealed record MockContent(IReadOnlyList<MockAccount> Accounts, IReadOnlyList<MockPart> Parts)
{
    /// <summary>The profile, or null.</summary>
    public MockProfile? Profile { get; init; }

    /// <summary>The routes, for <c>/__mock/state</c>.</summary>
    public IReadOnlyList<MockRoute> Routes { get; init; } = [];

    /// <summary>Reads what the options name.</summary>
    /// <exception cref="MockOptionsException">A file or a name is wrong.</exception>
    public static MockContent Load(MockOptions options)
    {
        if (options.IsBugCompatible && options.Profile is null) throw new MockOptionsException("--bug-compatible keeps the bugs of a profile's original: name one with --profile.");
        var accounts = Given("accounts", options.Accounts, options.AccountsFile, MockFiles.Accounts);
        var routes = Given("routes", options.Routes, options.RoutesFile, MockFiles.Routes);
        var data = options.DataFile is { } file ? MockFiles.Data(file) : null;
        if (routes?.FirstOrDefault(route => Globs.Mistake(route.Path) is not null) is { } wrong) throw new MockOptionsException($"The path '{wrong.Path}' {Globs.Mistake(wrong.Path)}.");
        if (options.Profile is { } name)
        {
            var profile = ProfileCatalog.Make(name, new ProfileSettings(options.IsBugCompatible, routes ?? []), accounts, data);
            return new MockContent(profile.Accounts, [profile]) { Profile = profile, Routes = profile.Routes };
        }

        var served = RoutesPart.WithData(routes ?? DefaultRoutes.All, data);
        return new MockContent(accounts ?? DefaultAccounts.All, [new RoutesPart(served, data)]) { Routes = served };
    }

    private static IReadOnlyList<T>? Given<T>(string what, IList<T> inCode, string? file, Func<string, IReadOnlyList<T>> read) =>
        inCode.Count > 0 && file is not null ? throw new MockOptionsException($"The {what} are given in code and in the file {file}. Leave one out.")
        : file is not null ? read(file)
        : inCode.Count > 0 ? [.. inCode] : null;
}

/// <summary>Something that a mock serves: routes, data, a profile's own endpoints.</summary>
internal abstract class MockPart
{
    /// <summary>Maps it; once for each world. What changes (data) is made here, so that a reset begins anew.</summary>
    public abstract void Map(IEndpointRouteBuilder app);
}

/// <summary>A well-known mock to behave like.</summary>
internal abstract class MockProfile : MockPart
{
    /// <summary>Its name, for <c>--profile</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Where the original listens, or null.</summary>
    public virtual string? Url => null;

    /// <summary>How long the original takes to answer; none unless it says so.</summary>
    public virtual TimeSpan Latency => TimeSpan.Zero;

    /// <summary>The accounts of the original.</summary>
    public abstract IReadOnlyList<MockAccount> Accounts { get; }

    /// <summary>Its routes, for <c>/__mock/state</c>.</summary>
    public abstract IReadOnlyList<MockRoute> Routes { get; }

    /// <summary>Lifetimes and the like of the original. What the options say comes after.</summary>
    public virtual void Configure(AuthorityOptions authority)
    {
    }
}
