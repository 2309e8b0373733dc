using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.Authority.InMemory;

namespace Symbolon.Authority.Accounts;

/// <summary>Accounts of the authority's own: ASP.NET Core Identity over its own store. The server has them with <see cref="AddOwnAccounts"/>; the mock's profiles, whose originals have no rules, without.</summary>
internal static class OwnAccounts
{
    // OWASP's figure for PBKDF2-HMAC-SHA512.
    private const int Iterations = 210_000;

    /// <summary>Adds them, with rules for user names and passwords.</summary>
    public static void AddOwnAccounts(this SymbolonBuilder symbolon)
    {
        symbolon.AddOwnAccountsWithoutRules();
        var services = symbolon.Services;
        services.Configure<IdentityOptions>(identity => identity.Password.RequiredLength = 8);
        services.AddScoped<IUserValidator<SymbolonUser>, UserNameRules>();
        services.AddScoped<IPasswordValidator<SymbolonUser>, CommonPasswords>();
    }

    /// <summary>Adds them with any user name and any password.</summary>
    public static void AddOwnAccountsWithoutRules(this SymbolonBuilder symbolon)
    {
        var services = symbolon.Services;
        services.AddSingleton<ILookupNormalizer, NameNormalizer>();
        services.AddIdentityCore<SymbolonUser>(identity =>
        {
            identity.User.AllowedUserNameCharacters = ""; // UserNameRules says more
            identity.User.RequireUniqueEmail = false;
            identity.Password.RequiredLength = identity.Password.RequiredUniqueChars = 1;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            identity.Lockout.AllowedForNewUsers = false; // counted in the authority, before the hash
        });
        services.TryAddSingleton<IUserStore<SymbolonUser>, InMemoryUserStore>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = Iterations);
        symbolon.AddUsers<SymbolonUser>(map =>
        {
            map.GetDisplayName = user => user.DisplayName;
            map.SetDisplayName = (user, name) => user.DisplayName = name;
            map.GetCreatedAt = user => user.CreatedAt;
            map.SetCreatedAt = (user, at) => user.CreatedAt = at;
        });
    }
}
