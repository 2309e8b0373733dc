using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Symbolon.Authority.Accounts;

/// <summary>A user name has 3 to 64 letters and digits of any script, and <c>. _ - @</c>.</summary>
internal sealed class UserNameRules : IUserValidator<SymbolonUser>
{
    private const int Shortest = 3, Longest = 64;

    public Task<IdentityResult> ValidateAsync(UserManager<SymbolonUser> manager, SymbolonUser user) => Task.FromResult(Wrong(user.UserName) is { } why
        ? IdentityResult.Failed(new IdentityError { Code = nameof(IdentityErrorDescriber.InvalidUserName), Description = why })
        : IdentityResult.Success);

    private static string? Wrong(string name) =>
        name.Length is < Shortest or > Longest ? $"The user name must have {Shortest} to {Longest} characters."
        : !name.EnumerateRunes().All(IsAllowed) ? "The user name may have letters, digits and . _ - @ only."
        : !NameNormalizer.KnowsUnicode && !Ascii.IsValid(name) ? "This server was started without Unicode support: the user name may have ASCII letters only."
        : null;

    private static bool IsAllowed(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value is '.' or '_' or '-' or '@'
        || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
