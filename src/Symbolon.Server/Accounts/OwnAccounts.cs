using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.Authority;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.InMemory;

namespace Symbolon.Server.Accounts;

/// <summary>The server's own accounts: ASP.NET Core Identity over the server's own store, with the server's own rules.</summary>
internal static class OwnAccounts
{
    // OWASP's figure for PBKDF2-HMAC-SHA512.
    private const int Iterations = 210_000;

    public static void AddOwnAccounts(this SymbolonBuilder symbolon)
    {
        var services = symbolon.Services;
        services.AddSingleton<ILookupNormalizer, NameNormalizer>();
        services.AddIdentityCore<SymbolonUser>(identity =>
        {
            identity.User.AllowedUserNameCharacters = ""; // UserNameRules says more
            identity.User.RequireUniqueEmail = false;
            identity.Password.RequiredLength = 8;
            identity.Password.RequiredUniqueChars = 1;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            identity.Lockout.AllowedForNewUsers = false; // counted in the authority, before the hash
        });
        services.AddScoped<IUserValidator<SymbolonUser>, UserNameRules>();
        services.AddScoped<IPasswordValidator<SymbolonUser>, CommonPasswords>();
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
