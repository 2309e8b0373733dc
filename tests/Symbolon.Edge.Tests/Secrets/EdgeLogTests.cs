using System.Text;
using System.Text.RegularExpressions;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Secrets;

/// <summary>An authority, an API and a gateway log all there is while tokens, right and wrong, come in every way in which they can: none stands in a log or in an answer.</summary>
public sealed partial class EdgeLogTests
{
    private const int SignatureTail = 24;
    private readonly HashSet<string> secrets = [Authorities.VerifierSecret, Uri.EscapeDataString(Authorities.VerifierSecret), WrongSecret];
    private readonly List<string> answers = [];

    private const string WrongSecret = "nobody-has-this-secret";

    [Fact]
    public async Task Secrets_StandInNoLogAndInNoAnswer_WhenEverythingIsLogged()
    {
        (string, string)[] everything = [("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore", "Trace")];
        await using var server = await Authorities.StartAsync(everything);
        using var authority = new AuthorityCalls(server);
        await using var api = await ApiProcess.StartAsync(new ApiSettings("orders", server.Address) { LogsAll = true });
        var issuer = server.Address.GetLeftPart(UriPartial.Authority);
        await using var gateway = await GatewayProcess.StartAsync(
            [("Gateway:Issuer", issuer), ("Gateway:Feed:Url", $"{issuer}/revocations"), ("Gateway:Feed:ClientId", Authorities.VerifierId), ("Gateway:Feed:ClientSecret", Authorities.VerifierSecret), ("Gateway:Cookie", "access"), ("Gateway:Origins:0", "https://app.example"), .. everything]);
        foreach (var secret in new[] { Authorities.VerifierSecret, Uri.EscapeDataString(Authorities.VerifierSecret) }) secrets.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Authorities.VerifierId}:{secret}")));
        var (alice, bob) = (await NewAsync(authority, "alice"), await NewAsync(authority, "robert"));
        await api.AcceptsAsync(alice.AccessToken);

        using var atGateway = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.Port}") };
        foreach (var token in new[] { alice.AccessToken, Tampered(alice.AccessToken), alice.RefreshToken, alice.AccessToken + new string('x', 9000) }) await PresentAsync(api.Http, atGateway, Known(token));
        await authority.RequireAsync(HttpMethod.Post, "/auth/logout?wait=1s", body: new { refresh_token = alice.RefreshToken });
        await PresentAsync(api.Http, atGateway, alice.AccessToken); // revoked
        await AskAsync(authority, bob);
        await api.AcceptsAsync(bob.AccessToken);
        await server.KillAsync();
        await PresentAsync(api.Http, atGateway, bob.AccessToken); // with nobody to ask

        Assert.Contains("trce:", api.AllOutput, StringComparison.Ordinal);
        Assert.Contains("trce:", server.Output, StringComparison.Ordinal);
        Assert.True(answers.Count > 40, $"{answers.Count} answers only");
        foreach (var (place, text) in new[] { ("authority", server.Output), ("API", api.AllOutput), ("gateway", gateway.Output), ("answers", string.Join('\n', answers)) })
        {
            Assert.All(secrets, secret => Assert.False(text.Contains(secret, StringComparison.Ordinal), $"A secret stands in: {place}"));
            Assert.False(Token().IsMatch(text), $"A token that was not ours stands in: {place}"); // those of client_credentials
        }
    }

    // Three parts, of which two are JSON.
    [GeneratedRegex(@"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}", RegexOptions.None, 10_000)]
    private static partial Regex Token();

    private string Known(string secret)
    {
        secrets.Add(secret);
        secrets.Add(secret[^SignatureTail..]);
        return secret;
    }

    private static string Tampered(string token) => token[..^40] + new string('B', 40);

    private async Task<SignedIn> NewAsync(AuthorityCalls authority, string name)
    {
        secrets.Add(Seed.Password);
        var session = await authority.LogInAsync(name, Seed.Password, register: true);
        Known(session.AccessToken);
        Known(session.RefreshToken);
        return session;
    }

    // In the header, the query and a cookie; with right and wrong origins; for each mode.
    private async Task PresentAsync(HttpClient api, HttpClient gateway, string token)
    {
        foreach (var path in new[] { "/orders", "/live", "/offline" })
        {
            await SendAsync(api, path, ("Authorization", $"Bearer {token}"));
            await SendAsync(api, path, ("Cookie", $"access={token}"), ("Sec-Fetch-Site", "same-origin"));
            await SendAsync(api, path, ("Cookie", $"access={token}"), ("Origin", "https://evil.example"));
            await SendAsync(api, path, ("Authorization", $"Basic {token}"));
        }

        if (token.Length < 8000) await SendAsync(api, $"/events?access_token={token}&access_token={token}"); // one too many: else it would stay open
        foreach (var (name, value) in new[] { ("Authorization", $"Bearer {token}"), ("Cookie", $"access={token}") })
        {
            await SendAsync(gateway, "/verify", (name, value), ("X-Forwarded-Method", "GET"), ("X-Forwarded-Uri", token.Length < 8000 ? $"/orders?access_token={token}" : "/orders"));
        }
    }

    private async Task AskAsync(AuthorityCalls authority, SignedIn session)
    {
        foreach (var secret in new[] { WrongSecret, Authorities.VerifierSecret })
        {
            var client = new Dictionary<string, string> { ["client_id"] = Authorities.VerifierId, ["client_secret"] = secret };
            answers.Add((await authority.SendAsync(HttpMethod.Post, "/oauth/token", body: new Dictionary<string, string>(client) { ["grant_type"] = "client_credentials", ["scope"] = "none" })).Text);
            var asked = await authority.SendAsync(HttpMethod.Post, "/oauth/introspect", body: new Dictionary<string, string>(client) { ["token"] = session.AccessToken });
            answers.Add(asked.Text);
        }

        answers.Add((await authority.SendAsync(HttpMethod.Get, "/revocations", session.AccessToken)).Text);
    }

    private async Task SendAsync(HttpClient http, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        answers.Add($"{response.Headers} {await response.Content.ReadAsStringAsync()}");
    }
}
