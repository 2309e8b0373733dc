using System.Runtime.InteropServices;

namespace Symbolon.Revocation;

/// <summary>An id in the form in which a denylist is searched for it. Two ids have equal keys only when they are equal texts.</summary>
/// <param name="Text">The id, or null when there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RevocationKey(string? Text)
{
    /// <summary>The key of an id; an absent or empty id has none and matches nothing.</summary>
    public static RevocationKey Of(string? id) => new(string.IsNullOrEmpty(id) ? null : id);
}
