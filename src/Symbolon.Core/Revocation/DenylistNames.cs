using System.Collections.Immutable;
using Symbolon.Access;

namespace Symbolon.Revocation;

/// <summary>What of a <see cref="Denylist"/> does not fit into slots: the era, removed keys by their <c>kid</c>, and ids that have no short form (another issuer's subjects). Immutable.</summary>
internal sealed record DenylistNames
{
    private static readonly ImmutableDictionary<string, DenylistValue> NoKids = ImmutableDictionary.Create<string, DenylistValue>(StringComparer.Ordinal);
    private static readonly ImmutableDictionary<(RevocationKind Kind, string Key), DenylistValue> NoTexts = ImmutableDictionary<(RevocationKind Kind, string Key), DenylistValue>.Empty;

    public static DenylistNames None { get; } = new();

    public DenylistValue? Era { get; private init; }

    public ImmutableDictionary<string, DenylistValue> Kids { get; private init; } = NoKids;

    public uint FirstUntilMinute { get; private init; } = uint.MaxValue;

    public int Count => Kids.Count + Texts.Count + (Era is null ? 0 : 1);

    private ImmutableDictionary<(RevocationKind Kind, string Key), DenylistValue> Texts { get; init; } = NoTexts;

    /// <summary>Whether an entry belongs here.</summary>
    public static bool AreFor(RevocationKind kind, in RevocationKey key) => kind is RevocationKind.Era or RevocationKind.Key || key.Text is not null;

    public DenylistNames With(RevocationKind kind, string key, DenylistValue value)
    {
        var held = kind switch
        {
            RevocationKind.Era => Era,
            RevocationKind.Key => Kids.TryGetValue(key, out var kid) ? kid : null,
            _ => Find(kind, key),
        };
        var merged = held?.With(value) ?? value;
        if (merged == held)
            return this;
        var next = this with { FirstUntilMinute = Math.Min(FirstUntilMinute, merged.UntilMinute) };
        return kind switch
        {
            RevocationKind.Era => next with { Era = merged },
            RevocationKind.Key => next with { Kids = Kids.SetItem(key, merged) },
            _ => next with { Texts = Texts.SetItem((kind, key), merged) },
        };
    }

    public DenylistNames WithoutPassed(uint minute)
    {
        if (FirstUntilMinute > minute)
            return this;
        var left = None;
        if (Era is { } era && era.UntilMinute > minute)
            left = left.With(RevocationKind.Era, "", era);
        foreach (var (kid, value) in Kids.Where(kid => kid.Value.UntilMinute > minute))
            left = left.With(RevocationKind.Key, kid, value);
        foreach (var ((kind, key), value) in Texts.Where(text => text.Value.UntilMinute > minute))
            left = left.With(kind, key, value);
        return left;
    }

    public DenylistValue? Find(RevocationKind kind, string key) => Texts.TryGetValue((kind, key), out var value) ? value : null;

    /// <summary>False when nothing here concerns the token.</summary>
    public bool MayConcern(AuthenticToken token) =>
        (Era is { } era && token.Era < era.Number) || (token.HasLongIds && Texts.Count > 0) || (Kids.Count > 0 && Kids.ContainsKey(token.Kid));
}
