using System.Net.Http.Headers;
using System.Text;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Input;

/// <summary>Random bodies, headers and tokens from fixed seeds: never a status of 500 and above, but 503 where a token names a key we do not have.</summary>
public sealed class FuzzTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const int Rounds = 1500;
    private readonly TestServer server = fixture.Server;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Body_NeverBreaksTheServer_WhenItIsRandom(int seed)
    {
        var random = new Random(seed);
        string[] paths = ["/auth/register", "/auth/login", "/auth/refresh", "/auth/logout", "/oauth/token", "/oauth/revoke"];
        for (var round = 0; round < Rounds; round++)
        {
            var path = paths[random.Next(paths.Length)];
            var content = new ByteArrayContent(Mutate(Sample(path), random));
            content.Headers.ContentType = new MediaTypeHeaderValue(path.StartsWith("/oauth", StringComparison.Ordinal) ? "application/x-www-form-urlencoded" : "application/json");

            Check(await server.PostAsync(path, content), $"seed {seed}, round {round}, {path}");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task RefreshToken_NeverBreaksTheServer_WhenItIsAltered(int seed)
    {
        var random = new Random(seed);
        var (_, tokens) = await server.RegisterAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var token = Alter(tokens.RefreshToken, random);
            if (token == tokens.RefreshToken) continue;

            Check(await server.RefreshAsync(token), $"seed {seed}, round {round}: {token}");
        }

        Assert.Equal(2, (await server.RefreshAsync(tokens.RefreshToken)).Is(200)["generation"].GetInt32());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Authorization_NeverBreaksTheServer_WhenItIsAltered(int seed)
    {
        var random = new Random(seed);
        var (_, tokens) = await server.RegisterAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var header = random.Next(4) == 0 ? Alter($"Bearer {tokens.AccessToken}", random) : $"Bearer {Alter(tokens.AccessToken, random)}";
            if (header == $"Bearer {tokens.AccessToken}") continue;

            var answer = await server.GetAsync("/auth/me", null, ("Authorization", header));

            // Altering one of several characters that a scheme's name, in any case, or a base64 tail stand for may leave it what it was: all checked strictly.
            Assert.True(answer.Status is 401 || (answer.Status == 200 && header.EndsWith(tokens.AccessToken, StringComparison.Ordinal)), $"seed {seed}, round {round}: {answer.Status} {header}");
            if (answer.Status == 401) answer.IsProblem(401, answer.Code!);
        }
    }

    private static byte[] Sample(string path) => Encoding.UTF8.GetBytes(path switch
    {
        "/auth/register" => """{"username": "fuzz-someone", "password": "correct horse battery", "email": "a@b.example", "device": {"id": "x", "name": "ü"}, "remember": true}""",
        "/auth/login" => """{"username": "fuzz-someone", "password": "correct horse battery", "client_id": "web", "transport": "body"}""",
        "/oauth/token" => "grant_type=refresh_token&client_id=web&refresh_token=srt_AQEBlG9eAAB3AACAAAAAAAAAAAAB&client_secret=%C3%BC",
        "/oauth/revoke" => "token=srt_AQEBlG9eAAB3AACAAAAAAAAAAAAB&client_id=web&token_type_hint=refresh_token",
        _ => """{"refresh_token": "srt_AQEBlG9eAAB3AACAAAAAAAAAAAAB"}""",
    });

    private static byte[] Mutate(byte[] sample, Random random)
    {
        var bytes = sample.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at))); break;
                default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Spice[random.Next(Spice.Length)])); break;
            }
        }

        return [.. bytes];
    }

    private static readonly string[] Spice =
        ["\\ud800", "\\u0000", "\\ufffe", "\"", "{", "[[[[[[[[[[", "null", "1e999", "-0", "%00", "%ff", "&", "=", "+", "\uFEFF", "é", "\r\n", "99999999999999999999"];

    private static string Alter(string token, Random random)
    {
        const string Alphabet = "ABCxyz019-_.=+/ ~!{}";
        var text = new StringBuilder(token);
        for (var changes = random.Next(1, 4); changes > 0 && text.Length > 0; changes--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0: text[at] = Alphabet[random.Next(Alphabet.Length)]; break;
                case 1: text.Remove(at, 1); break;
                case 2: text.Insert(at, Alphabet[random.Next(Alphabet.Length)]); break;
                default: text.Length = at; break;
            }
        }

        return text.ToString().Trim();
    }

    private static void Check(Answer answer, string when)
    {
        Assert.True(answer.Status < 500 || answer.Status == 503, $"{when}: {answer.Status} {answer.Text}");
        if (answer.Status >= 400) Assert.True(answer.Code is { Length: > 0 }, $"{when}: {answer.Status} {answer.Text}");
    }
}
