using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Symbolon.Refresh;

namespace Symbolon.Authority;

/// <summary>Refuses options that cannot work, each with what to write instead.</summary>
internal sealed class AuthorityOptionsValidation(IHostEnvironment environment) : IValidateOptions<AuthorityOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthorityOptions options)
    {
        var wrong = Issuer(options).Concat(Audience(options)).Concat(MasterKeys(options)).Concat(Times(options)).Concat(Accounts(options)).Concat(Origins(options)).Concat(Clients(options)).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Issuer(AuthorityOptions options)
    {
        if (!Uri.TryCreate(options.Issuer, UriKind.Absolute, out var issuer))
            yield return "Symbolon:Issuer is missing. Write the address that clients use, for example https://auth.example.";
        else if (issuer.Query.Length > 0 || issuer.Fragment.Length > 0 || options.Issuer.EndsWith('/'))
            yield return $"Symbolon:Issuer '{options.Issuer}' must have no query, no fragment and no slash at its end.";
        else if (issuer.Scheme != Uri.UriSchemeHttps && !(issuer.Scheme == Uri.UriSchemeHttp && issuer.IsLoopback))
            yield return $"Symbolon:Issuer '{options.Issuer}' must begin with https:// (http:// only on a loopback host).";

        if (string.IsNullOrWhiteSpace(options.Audience)) yield return "Symbolon:Audience is empty. Write the name of the API that takes the access tokens, for example api.";
    }

    private static IEnumerable<string> Audience(AuthorityOptions options) =>
        options.Audience.Length is 0 or > 128 ? ["Symbolon:Audience must have 1 to 128 characters, for example api."]
        : options.Audience == options.Issuer ? ["Symbolon:Audience must not be the issuer: that is the audience of verifiers. Write the name of the API, for example api."]
        : [];

    private IEnumerable<string> MasterKeys(AuthorityOptions options)
    {
        if (options.MasterKeys.Count == 0)
        {
            yield return "Symbolon:MasterKeys is empty. Make a key with `openssl rand -base64 32 > master.key` and set Symbolon:MasterKeys:0:Id to 1 "
                + "and Symbolon:MasterKeys:0:File to its path (or :Value to its text)."
                + (environment.IsDevelopment() ? "" : " In Development one is made for you.");
        }

        for (var i = 0; i < options.MasterKeys.Count; i++)
        {
            var key = options.MasterKeys[i];
            if (key.Id is < 0 or > 255) yield return $"Symbolon:MasterKeys:{i}:Id must be a number from 0 to 255.";
            if (options.MasterKeys.Take(i).Any(earlier => earlier.Id == key.Id)) yield return $"Symbolon:MasterKeys:{i}:Id {key.Id} is used twice.";
            if (string.IsNullOrEmpty(key.Value) == string.IsNullOrEmpty(key.File)) yield return $"Symbolon:MasterKeys:{i} needs either Value or File.";
        }
    }

    private static IEnumerable<string> Times(AuthorityOptions options)
    {
        foreach (var (key, value, least, most) in new[]
        {
            ("AccessToken:Lifetime", options.AccessToken.Lifetime, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)),
            ("Refresh:Settle", options.Refresh.Settle, TimeSpan.Zero, TimeSpan.FromSeconds(60)),
            ("Session:Inactivity", options.Session.Inactivity, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
            ("Session:Absolute", options.Session.Absolute, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
            ("Session:AbsoluteWhenNotRemembered", options.Session.AbsoluteWhenNotRemembered, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
            ("SigningKeys:SignFor", options.SigningKeys.SignFor, TimeSpan.FromHours(1), TimeSpan.FromDays(3650)),
            ("SigningKeys:PollEvery", options.SigningKeys.PollEvery, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
            ("Retention:EndedSessions", options.Retention.EndedSessions, TimeSpan.FromHours(2), TimeSpan.FromDays(3650)),
            ("Retention:Events", options.Retention.Events, TimeSpan.FromHours(1), TimeSpan.FromDays(36500)),
            ("Accounts:LockFor", options.Accounts.LockFor, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        })
        {
            if (value < least || value > most) yield return $"Symbolon:{key} is {value:c}; it must lie between {least:c} and {most:c}.";
        }

        foreach (var (key, overlap) in options.Clients.Select((client, i) => ($"Clients:{i}:Overlap", client.Overlap)).Prepend(("Refresh:Overlap", options.Refresh.Overlap)))
        {
            if (overlap is { } chosen && chosen.Value != RefreshPolicy.UntilUsed && (chosen.Value < TimeSpan.Zero || chosen.Value > TimeSpan.FromHours(24)))
                yield return $"Symbolon:{key} is {chosen}; it must lie between 00:00:00 and 1.00:00:00, or be UntilUsed.";
        }

        if (options.AccessToken.Jitter is not (>= 0 and <= 0.5)) yield return $"Symbolon:AccessToken:Jitter is {options.AccessToken.Jitter}; it must lie between 0 and 0.5.";
        if (!Enum.IsDefined(options.AccessToken.Algorithm)) yield return "Symbolon:AccessToken:Algorithm must be ES256, ES384, RS256, PS256 or HS256.";
        if (options.Feed.Streams is < 1 or > 100_000) yield return $"Symbolon:Feed:Streams is {options.Feed.Streams}; it must lie between 1 and 100000.";
        if (options.Session.Streams is < 1 or > 100_000) yield return $"Symbolon:Session:Streams is {options.Session.Streams}; it must lie between 1 and 100000.";
        if (options.Session.Limit is < 1 or > 1000) yield return $"Symbolon:Session:Limit is {options.Session.Limit}; it must lie between 1 and 1000.";
    }

    private static IEnumerable<string> Accounts(AuthorityOptions options)
    {
        foreach (var (key, value) in new[]
        {
            ("MaxFailures", options.Accounts.MaxFailures), ("LoginsPerMinute", options.Accounts.LoginsPerMinute),
            ("RegistrationsPerMinute", options.Accounts.RegistrationsPerMinute),
        })
        {
            if (value < 1) yield return $"Symbolon:Accounts:{key} is {value}; it must be at least 1.";
        }

        if (options.Accounts.ConcurrentHashes < 0) yield return "Symbolon:Accounts:ConcurrentHashes must not be negative.";
        if (options.Accounts.QueuedHashes < 0) yield return "Symbolon:Accounts:QueuedHashes must not be negative.";
    }

    private static IEnumerable<string> Origins(AuthorityOptions options) =>
        from origin in options.Cors.Origins
        where !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || $"{uri.Scheme}://{uri.Authority}" != origin || uri.Scheme is not ("https" or "http")
        select $"Symbolon:Cors:Origins '{origin}' must be an origin such as https://app.example: scheme, host and port only, in lower case.";

    private IEnumerable<string> Clients(AuthorityOptions options)
    {
        foreach (var (client, i) in options.Clients.Select((client, i) => (client, i)))
        {
            if (client.Id.Length is 0 or > 128) yield return $"Symbolon:Clients:{i}:Id is missing or longer than 128 characters.";
            if (options.Clients.Take(i).Any(earlier => earlier.Id == client.Id)) yield return $"Symbolon:Clients:{i}:Id '{client.Id}' is used twice.";
            if (client.Secret is not null && !environment.IsDevelopment())
                yield return $"Symbolon:Clients:{i}:Secret is for Development only. Write the SHA-256 of the secret in hexadecimal to SecretHash.";
            if (client.SecretHash is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
                yield return $"Symbolon:Clients:{i}:SecretHash must be a SHA-256 in hexadecimal: 64 characters.";
            if (!client.Scopes.All(IsScope)) yield return $"Symbolon:Clients:{i}:Scopes must be names without spaces, quotes and backslashes (RFC 6749 §3.3), one in each entry.";
            if (client.Scopes.Contains(Client.VerifierScope) && client.SecretHash is null && client.Secret is null)
                yield return $"Symbolon:Clients:{i}:Scopes has {Client.VerifierScope}, which needs a secret: `symbolon clients add` makes one.";
            if (client.Audiences.Contains(options.Issuer)) yield return $"Symbolon:Clients:{i}:Audiences must not name the issuer; tokens with the scope {Client.VerifierScope} are for it.";
        }

        if (options.DefaultClient != "web" && options.Clients.All(client => client.Id != options.DefaultClient))
            yield return $"Symbolon:DefaultClient '{options.DefaultClient}' is not among Symbolon:Clients.";
    }

    private static bool IsScope(string scope) => scope.Length > 0 && scope.All(c => c is >= '!' and <= '~' and not '"' and not '\\');
}
