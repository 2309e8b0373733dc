namespace Symbolon.Sessions;

/// <summary>The id of an account, as the claim <c>sub</c> carries it. Opaque, never reassigned.</summary>
/// <param name="Value">1 to 255 characters.</param>
/// <remarks>OpenID Connect Core §2: at most 255 characters.</remarks>
public readonly record struct SubjectId(string Value)
{
    /// <summary>The longest subject, in characters.</summary>
    public const int MaxLength = 255;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
