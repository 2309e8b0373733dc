using Microsoft.AspNetCore.Routing;
using Symbolon.Authority;
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
        IReadOnlyList<MockRoute> routes = options.Routes.Count > 0 ? [.. options.Routes] : DefaultRoutes.All;
        return new MockContent(options.Accounts.Count > 0 ? [.. options.Accounts] : DefaultAccounts.All, [new RoutesPart(routes)]) { Routes = routes };
    }
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

    /// <summary>The accounts of the original.</summary>
    public abstract IReadOnlyList<MockAccount> Accounts { get; }

    /// <summary>Lifetimes and the like of the original. What the options say comes after.</summary>
    public virtual void Configure(AuthorityOptions authority)
    {
    }
}
