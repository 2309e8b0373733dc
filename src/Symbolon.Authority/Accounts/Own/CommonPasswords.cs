using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Identity;

namespace Symbolon.Authority.Accounts;

/// <summary>Refuses the most common passwords, whatever their case, and those that say the account or the product.</summary>
/// <remarks>ASVS 5.0 6.2.4, 6.2.11. The list names its source and licence in its first lines.</remarks>
internal sealed class CommonPasswords : IPasswordValidator<SymbolonUser>
{
    private const string Product = "symbolon";
    private static readonly Lazy<FrozenSet<string>> Known = new(Load);

    public Task<IdentityResult> ValidateAsync(UserManager<SymbolonUser> manager, SymbolonUser user, string? password) => Task.FromResult(
        password is null || !IsCommon(password, user) ? IdentityResult.Success : IdentityResult.Failed(new IdentityError
        {
            Code = "PasswordTooCommon",
            Description = "The password is one of the most common ones, or says the user name or the product. Choose another; three unrelated words do well.",
        }));

    private static bool IsCommon(string password, SymbolonUser user) =>
        Known.Value.Contains(password)
        || password.Equals(user.UserName, StringComparison.OrdinalIgnoreCase)
        || password.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '!', '.').Equals(Product, StringComparison.OrdinalIgnoreCase);

    private static FrozenSet<string> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
