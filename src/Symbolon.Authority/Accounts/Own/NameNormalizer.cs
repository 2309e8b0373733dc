using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Symbolon.Authority.Accounts;

/// <summary>Names that look alike are one name: compatibility-normalised (NFKC), compared without case.</summary>
internal sealed class NameNormalizer : ILookupNormalizer
{
    public string? NormalizeName(string? name) => Normalize(name);

    public string? NormalizeEmail(string? email) => Normalize(email);

    // Without the ICU library .NET leaves text as it is; then only ASCII names are safe.
    internal static bool KnowsUnicode { get; } = "\uFB01".Normalize(NormalizationForm.FormKC) == "fi";

    private static string? Normalize(string? text) => text?.IsNormalized(NormalizationForm.FormKC) == false
        ? text.Normalize(NormalizationForm.FormKC).ToUpperInvariant()
        : text?.ToUpperInvariant();
}
