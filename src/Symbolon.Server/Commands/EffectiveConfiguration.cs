using Symbolon.Authority;
using Symbolon.Jose;
using Symbolon.Refresh;
using Symbolon.Server.Hosting;

namespace Symbolon.Server.Commands;

/// <summary>The configuration as the server understands it. Of a secret it says only that it is set.</summary>
internal static class EffectiveConfiguration
{
    public static IEnumerable<(string Key, string Value)> Of(AuthorityOptions options, WebApplication app)
    {
        var configuration = app.Configuration;
        yield return ("Environment", app.Environment.EnvironmentName);
        yield return ("Addresses", string.Join(' ', Listening.Addresses(configuration)));
        yield return ("Symbolon:Issuer", options.Issuer);
        yield return ("Symbolon:Audience", options.Audience);
        yield return ("Symbolon:PathBase", configuration["Symbolon:PathBase"] ?? "");
        yield return ("Symbolon:Storage:Provider", StorageChoice.Provider(configuration));
        yield return ("ConnectionStrings:Symbolon", StorageChoice.Target(configuration));
        foreach (var setting in StorageChoice.Settings(app.Services, configuration)) yield return setting;
        foreach (var (key, i) in options.MasterKeys.Select((key, i) => (key, i)))
            yield return ($"Symbolon:MasterKeys:{i}", $"id {key.Id}, {(key.File is { } file ? $"file {file}" : "value (set)")}{(i == 0 ? ", active" : "")}");
        yield return ("Symbolon:DefaultClient", options.DefaultClient);
        foreach (var client in options.Clients)
            yield return ($"Symbolon:Clients '{client.Id}'", $"{(client.SecretHash ?? client.Secret) switch { null => "public", _ => "confidential, secret (set)" }}"
                + $", overlap {client.Overlap ?? options.Refresh.Overlap}, attempts {client.Attempts.ToString().ToLowerInvariant()}, scopes [{string.Join(' ', client.Scopes)}]"
                + (client.Audiences.Count > 0 ? $", audiences [{string.Join(' ', client.Audiences)}]" : ""));
        yield return ("Symbolon:Proxies", string.Join(' ', Listening.Proxies(configuration)));
        yield return ("Symbolon:AccessToken:Lifetime", $"{options.AccessToken.Lifetime:c}");
        yield return ("Symbolon:AccessToken:Jitter", $"{options.AccessToken.Jitter}");
        yield return ("Symbolon:AccessToken:Algorithm", options.AccessToken.Algorithm.ToString());
        yield return ("Symbolon:Refresh:Overlap", options.Refresh.Overlap.ToString());
        yield return ("Symbolon:Refresh:Settle", $"{options.Refresh.Settle:c}");
        yield return ("Symbolon:Session:Inactivity", $"{options.Session.Inactivity:c}");
        yield return ("Symbolon:Session:Absolute", $"{options.Session.Absolute:c}");
        yield return ("Symbolon:Session:AbsoluteWhenNotRemembered", $"{options.Session.AbsoluteWhenNotRemembered:c}");
        yield return ("Symbolon:Session:Limit", $"{options.Session.Limit}");
        yield return ("Symbolon:Session:Streams", $"{options.Session.Streams}");
        yield return ("Symbolon:Accounts:LoginOnRegister", $"{options.Accounts.LoginOnRegister}");
        yield return ("Symbolon:Accounts:MaxFailures", $"{options.Accounts.MaxFailures} in {options.Accounts.LockFor:c}");
        yield return ("Symbolon:Accounts:LoginsPerMinute", $"{options.Accounts.LoginsPerMinute}");
        yield return ("Symbolon:Accounts:RegistrationsPerMinute", $"{options.Accounts.RegistrationsPerMinute}");
        yield return ("Symbolon:SigningKeys:SignFor", $"{options.SigningKeys.SignFor:c}");
        yield return ("Symbolon:Retention", $"ended sessions {options.Retention.EndedSessions:c}, events {options.Retention.Events:c}");
        yield return ("Symbolon:Feed:Streams", $"{options.Feed.Streams}");
        yield return ("Symbolon:Cors:Origins", string.Join(' ', options.Cors.Origins));
        yield return ("Symbolon:Admin:UserName", configuration["Symbolon:Admin:UserName"] ?? "admin");
        yield return ("Symbolon:Admin:Password", string.IsNullOrEmpty(configuration["Symbolon:Admin:Password"]) ? "made and printed on first start" : "(set)");
    }

    public static IEnumerable<string> Warnings(AuthorityOptions options, WebApplication app)
    {
        if (app.Environment.IsDevelopment()) yield return "The environment is Development. Set ASPNETCORE_ENVIRONMENT=Production to serve others.";
        if (new Uri(options.Issuer).IsLoopback) yield return $"The issuer {options.Issuer} is on this machine only. Set Symbolon:Issuer to the address that clients use.";
        if (StorageChoice.Provider(app.Configuration) == "memory") yield return "Nothing survives a restart: Symbolon:Storage:Provider is memory.";
        if (options.MasterKeys.Any(key => !string.IsNullOrEmpty(key.Value))) yield return "A master key stands in the configuration. A file that only the server may read is safer: Symbolon:MasterKeys:0:File.";
        foreach (var file in options.MasterKeys.Select(key => key.File).OfType<string>().Where(IsReadableByOthers)) yield return $"Others may read the master key '{file}'. Set its mode to 0600.";
        if (options.AccessToken.Lifetime > TimeSpan.FromMinutes(15)) yield return "Access tokens live for longer than 15 minutes; whoever verifies offline obeys a log-out only then.";
        if (options.AccessToken.Algorithm == JwsAlgorithm.HS256) yield return "HS256 tokens can be checked in this process only; JWKS will be empty.";
        if (options.Refresh.Overlap.Value == RefreshPolicy.UntilUsed) yield return "The overlap is UntilUsed: a used refresh token that nobody followed stays good for the session's whole life.";
        if (!string.IsNullOrEmpty(app.Configuration["Symbolon:Admin:Password"])) yield return "The administrator's first password stands in the configuration. Remove it after the first start.";
        if (options.Clients.Any(client => client.Secret is not null)) yield return "A client's secret stands in the configuration in clear. Use SecretHash.";
    }

    private static bool IsReadableByOthers(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None;
}
