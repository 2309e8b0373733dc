using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Authority.Tests.Support;
using Symbolon.Jose;

namespace Symbolon.Authority.Tests.Input;

/// <summary>Every way in which an access token fails, at an endpoint that needs one. Tokens are signed with the server's own key.</summary>
public sealed class AccessTokenTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer server = fixture.Server;

    public static TheoryData<string, string, string?> Changes => new()
    {
        { "token_claims", "sub", null },
        { "token_claims", "exp", null },
        { "token_claims", "jti", "\"\"" },
        { "token_claims", "iat", "\"1\"" },
        { "token_claims", "roles", "\"admin\"" },
        { "token_claims", "roles", "[7]" },
        { "token_claims", "sid", "7" },
        { "token_claims", "sid", null },
        { "token_claims", "sid", "\"nonsense\"" },
        { "token_claims", "er", "1.5" },
        { "token_issuer", "iss", "\"https://other.example\"" },
        { "token_audience", "aud", "\"other\"" },
        { "token_audience", "aud", "[\"other\", \"another\"]" },
        { "token_early", "nbf", "4102444800" },
        { "token_early", "iat", "4102444800" },
        { "token_too_old", "exp", "4102444800" },
        { "token_revoked", "sid", "\"01946f5e-0000-7000-8000-000000000000\"" },
        { "token_revoked", "sub", "\"somebody-else\"" },
        { "proof_required", "cnf", "{\"jkt\": \"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs\"}" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Token_IsRefused_WhenAClaimIsWrong(string code, string claim, string? value)
    {
        var (_, tokens) = await server.RegisterAsync();
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.AccessToken.Split('.')[1]))!.AsObject();
        if (value is null) claims.Remove(claim);
        else claims[claim] = JsonNode.Parse(value);
        if (code == "token_early" && claim == "iat") claims["exp"] = 4102445100;

        var answer = await server.GetAsync("/auth/me", Sign(claims.ToJsonString()));

        answer.IsProblem(401, code);
        Assert.Equal($"Bearer error=\"invalid_token\", error_description=\"{code}\"", answer.Header("WWW-Authenticate"));
        (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
    }

    [Fact]
    public async Task Token_IsRefused_WhenItHasExpired()
    {
        var (_, tokens) = await server.RegisterAsync();
        server.Time.Advance(TimeSpan.FromSeconds(tokens["expires_in"].GetInt32() + 30));

        (await server.GetAsync("/auth/me", tokens.AccessToken)).IsProblem(401, "token_expired");
    }

    [Theory]
    [InlineData("token_malformed", "a.b.c")]
    [InlineData("token_malformed", "")]
    [InlineData("token_malformed", "nonsense")]
    [InlineData("token_malformed", "{token}.")]
    [InlineData("token_malformed", "{token} ")]
    [InlineData("token_malformed", "{token}=")]
    [InlineData("token_malformed", "{token}, {token}")]
    [InlineData("token_type", "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\"}")]
    [InlineData("token_algorithm", "{\"alg\":\"none\",\"kid\":\"KID\",\"typ\":\"at+jwt\"}")]
    [InlineData("token_algorithm", "{\"alg\":\"RS512\",\"kid\":\"KID\",\"typ\":\"at+jwt\"}")]
    [InlineData("token_key", "{\"alg\":\"ES256\",\"kid\":\"unknown\",\"typ\":\"at+jwt\"}")]
    [InlineData("token_key", "{\"alg\":\"HS256\",\"kid\":\"KID\",\"typ\":\"at+jwt\"}")]
    [InlineData("token_signature", "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"AT+JWT\"}")]
    public async Task Token_IsRefused_WhenItsFormIsWrong(string code, string form)
    {
        var (_, tokens) = await server.RegisterAsync();
        var parts = tokens.AccessToken.Split('.');
        var token = form.StartsWith('{') && !form.StartsWith("{token}", StringComparison.Ordinal)
            ? $"{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(form.Replace("KID", Active.Kid, StringComparison.Ordinal)))}.{parts[1]}.{parts[2]}"
            : form.Replace("{token}", tokens.AccessToken, StringComparison.Ordinal);

        var answer = await server.GetAsync("/auth/me", null, ("Authorization", $"Bearer {token}"));

        if (form is "" or "{token} ") Assert.Contains(answer.Status, new[] { 200, 401 }); // HTTP trims a header's ends
        else answer.IsProblem(401, code);
    }

    [Fact]
    public async Task Token_IsRefused_WhenTwoHeadersCome()
    {
        var (_, tokens) = await server.RegisterAsync();
        var header = ("Authorization", $"Bearer {tokens.AccessToken}");

        (await server.GetAsync("/auth/me", null, header, header)).IsProblem(401, "token_malformed");
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("DPoP x")]
    [InlineData("BearerX")]
    public async Task Token_IsMissing_WhenTheSchemeIsAnother(string header) =>
        (await server.GetAsync("/auth/me", null, ("Authorization", header))).IsProblem(401, "token_missing");

    [Theory]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task Token_Passes_WhateverTheCaseOfTheScheme(string scheme)
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.GetAsync("/auth/me", null, ("Authorization", $"{scheme} {tokens.AccessToken}"))).Is(200);
    }

    [Fact]
    public async Task Token_IsRefused_WhenItIsARefreshToken()
    {
        var (_, tokens) = await server.RegisterAsync();

        (await server.GetAsync("/auth/me", tokens.RefreshToken)).IsProblem(401, "token_malformed");
    }

    private SigningKey Active => server.SigningKey;

    private string Sign(string claims) => Jws.Sign(Active, Encoding.UTF8.GetBytes(claims));
}
