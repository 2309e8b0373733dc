using System.Net.Http.Headers;
using System.Text;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Input;

/// <summary>Whatever is sent: a problem document with a stable code, never a 500, and nothing changed.</summary>
public sealed class BadBodyTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly (string Method, string Path, string Member)[] Endpoints =
    [
        ("POST", "/auth/register", "username"), ("POST", "/auth/login", "username"), ("POST", "/auth/refresh", "refresh_token"),
        ("POST", "/auth/logout", "refresh_token"), ("PATCH", "/auth/me", "display_name"), ("PATCH", "/auth/sessions/{sid}", "name"),
        ("POST", "/auth/password", "current_password"), ("DELETE", "/auth/account", "password"), ("PATCH", "/admin/users/{sub}", "display_name"),
        ("POST", "/admin/users/{sub}/end-sessions", "soft"),
    ];

    private static readonly string[] Malformed =
    [
        "{", "}", "", " ", "null", "[]", "[{}]", "7", "\"text\"", "true", "{]", "{\"a\":}", "{'a':1}", "{\"a\":1,}", "{\"a\":1}{\"b\":2}", "// no\n{}", "{\"a\":NaN}", "{\"a\":01}",
        "{\"MEMBER\": 7}", "{\"MEMBER\": []}", "{\"MEMBER\": {}}", "{\"MEMBER\": \"a\", \"MEMBER\": \"b\"}", "{\"MEMBER\": \"\\ud800\"}",
        "{\"MEMBER\": \"\\udc00\\ud800\"}", "{\"MEMBER\": \"\\x41\"}", "{\"MEMBER\": \"tab\tin it\"}", "{\"MEMBER\": \"open", "{\"MEMBER\": \"\\u00\"}",
    ];

    private readonly TestServer server = fixture.Server;

    public static TheoryData<string, string, string, string> MalformedBodies
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>();
            foreach (var (method, path, member) in Endpoints)
                foreach (var body in Malformed) rows.Add(method, path, member, body);
            return rows;
        }
    }

    public static TheoryData<string, string, string> BodyEndpoints
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var (method, path, member) in Endpoints) rows.Add(method, path, member);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(MalformedBodies), DisableDiscoveryEnumeration = true)]
    public async Task Body_IsRefused_WhenItIsMalformed(string method, string path, string member, string body)
    {
        if (body.Length == 0) return; // no body at all: see below
        await RefusedAsync(method, path, Content(body.Replace("MEMBER", member, StringComparison.Ordinal)), 400, "request_malformed");
    }

    [Theory]
    [MemberData(nameof(BodyEndpoints))]
    public async Task Body_IsRefused_WhenItIsNotUtf8(string method, string path, string member)
    {
        foreach (var bad in new byte[][] { [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3] })
            await RefusedAsync(method, path, Content([.. Encoding.ASCII.GetBytes($"{{\"{member}\": \"a"), .. bad, .. "\"}"u8]), 400, "request_malformed");
        await RefusedAsync(method, path, Content(Encoding.Unicode.GetBytes($"{{\"{member}\": \"a\"}}")), 400, "request_malformed");
    }

    [Theory]
    [MemberData(nameof(BodyEndpoints))]
    public async Task Body_IsRefused_WhenItIsDeeplyNested(string method, string path, string member)
    {
        foreach (var depth in new[] { 9, 100, 100_000 })
        {
            var nest = new string('[', depth) + new string(']', depth);
            await RefusedAsync(method, path, Content($"{{\"other\": {nest}}}"), 400, "request_malformed");
            await RefusedAsync(method, path, Content($"{{\"{member}\": {nest}}}"), 400, "request_malformed");
        }
    }

    [Theory]
    [MemberData(nameof(BodyEndpoints))]
    public async Task Body_IsRefused_WhenItIsLargerThanAMebibyte(string method, string path, string member)
    {
        var large = Encoding.ASCII.GetBytes($"{{\"other\": \"{new string('x', 1024 * 1024)}\", \"{member}\": \"a\"}}");

        await RefusedAsync(method, path, Content(large), 413, "too_large");
        await RefusedAsync(method, path, new ChunkedContent(large), 413, "too_large");
    }

    [Theory]
    [MemberData(nameof(BodyEndpoints))]
    public async Task Body_IsRefused_WhenItsTypeIsNotJson(string method, string path, string member)
    {
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", "application/xml", "" })
        {
            var content = Content($"{{\"{member}\": \"a\"}}");
            content.Headers.ContentType = null;
            if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
            await RefusedAsync(method, path, content, 415, "media_type");
        }
    }

    [Theory]
    [MemberData(nameof(BodyEndpoints))]
    public async Task Body_IsRefusedOrNeedless_WhenThereIsNone(string method, string path, string member)
    {
        var answer = await SendAsync(method, path, content: null);

        if (member is "refresh_token") Assert.Contains(answer.Status, new[] { 204, 401 });
        else if (member is "soft") answer.Is(204);
        else if (path is "/auth/me" or "/admin/users/{sub}") answer.Is(200);
        else answer.IsProblem(400, "request_malformed");
    }

    [Theory]
    [InlineData("POST", "/auth/register", """{"username": "a\u0000b", "password": "correct horse battery"}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc", "password": "correct horse battery", "display_name": "a\u0007b"}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc", "password": "correct horse battery", "email": "no address"}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc", "password": "correct horse battery", "email": "a@b@c"}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc", "password": "correct horse battery", "transport": "pigeon"}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc", "password": "correct horse battery", "remember": "yes"}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc", "password": "correct horse battery", "device": "phone"}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc", "password": "correct horse battery", "device": {"id": 7}}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc", "password": "correct horse battery", "device": {"id": "a", "id": "b"}}""")]
    [InlineData("POST", "/auth/register", """{"username": "\uFFFEabc", "password": "correct horse battery"}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc", "password": "correct horse battery", "email": "\uFFFE@b.example"}""")]
    [InlineData("POST", "/auth/register", """{"username": "abc"}""")]
    [InlineData("POST", "/auth/register", """{"password": "correct horse battery"}""")]
    [InlineData("POST", "/auth/register", """{"username": null, "password": null}""")]
    [InlineData("POST", "/auth/login", """{"username": "a\u001bb", "password": "correct horse battery"}""")]
    [InlineData("POST", "/auth/login", """{"username": "abc", "password": "correct horse battery", "client_id": "a\nb"}""")]
    [InlineData("PATCH", "/auth/sessions/{sid}", """{"name": "a\u0000"}""")]
    [InlineData("PATCH", "/auth/sessions/{sid}", """{"name": ""}""")]
    [InlineData("PATCH", "/auth/me", """{"display_name": "a\u0085b"}""")]
    [InlineData("PATCH", "/auth/me", """{"email": "\uFFFE@b.example"}""")]
    public Task Body_IsRefused_WhenAMemberIsNotAcceptable(string method, string path, string body) =>
        RefusedAsync(method, path, Content(body), 400, "request_malformed");

    [Theory]
    [InlineData("POST", "/auth/login", "username", 401)]
    [InlineData("POST", "/auth/login", "password", 400)]
    [InlineData("POST", "/auth/register", "email", 400)]
    [InlineData("POST", "/auth/refresh", "refresh_token", 401)]
    [InlineData("PATCH", "/auth/me", "display_name", 400)]
    public async Task Body_IsRefused_WhenAMemberIsHuge(string method, string path, string member, int status)
    {
        var others = path == "/auth/login" && member == "username" ? ", \"password\": \"correct horse battery\"" : "";
        foreach (var length in new[] { 300, 5_000, 900_000 })
        {
            var answer = await SendAsync(method, path, Content($"{{\"{member}\": \"{new string('x', length)}\"{others}}}"));
            Assert.Contains(answer.Status, new[] { 400, status });
            answer.IsProblem(answer.Status, answer.Code!);
        }
    }

    [Theory]
    [InlineData("""{"username": "\uFFFE", "password": "correct horse battery"}""")]
    [InlineData("""{"username": "\uFFFF\uFDD0", "password": "correct horse battery"}""")]
    [InlineData("""{"username": "\uD83D\uDE00", "password": "correct horse battery"}""")]
    [InlineData("""{"username": "a", "password": "\uFFFE\uFFFF"}""")]
    [InlineData("""{"username": "a", "password": "a\u0000b"}""")]
    public async Task Login_IsRefused_WhenTheTextIsStrange(string body)
    {
        var answer = await SendAsync("POST", "/auth/login", Content(body));

        Assert.Contains(answer.Status, new[] { 400, 401 });
        answer.IsProblem(answer.Status, answer.Status == 400 ? "request_malformed" : "invalid_credentials");
    }

    [Fact]
    public async Task Body_MayHoldUnknownMembers()
    {
        var name = (await server.RegisterAsync()).Name;

        var answer = await server.PostAsync("/auth/login", new { username = name, password = TestServer.Password, colour = new { of = new[] { "the", "rainbow" } } });

        answer.Is(200);
    }

    [Theory]
    [InlineData("GET", "/auth/login", 405, "method_not_allowed")]
    [InlineData("PUT", "/auth/me", 405, "method_not_allowed")]
    [InlineData("GET", "/auth/nothing", 404, "not_found")]
    [InlineData("POST", "/nothing", 404, "not_found")]
    [InlineData("GET", "/auth//me", 404, "not_found")]
    public async Task Path_IsRefused_WhenThereIsNone(string method, string path, int status, string code) =>
        (await server.SendAsync(new HttpMethod(method), path)).IsProblem(status, code);

    private async Task RefusedAsync(string method, string path, HttpContent content, int status, string code)
    {
        var (answer, before, after) = await TryAsync(method, path, content);

        answer.IsProblem(status, code);
        Assert.Equal(before, after);
    }

    private async Task<Answer> SendAsync(string method, string path, HttpContent? content) => (await TryAsync(method, path, content)).Answer;

    private async Task<(Answer Answer, string Before, string After)> TryAsync(string method, string path, HttpContent? content)
    {
        var token = path.StartsWith("/admin", StringComparison.Ordinal) ? await server.AdminAsync() : (await server.RegisterAsync()).Tokens.AccessToken;
        var (me, session) = ((await server.GetAsync("/auth/me", token)).Is(200), (await server.GetAsync("/auth/session", token)).Is(200));
        var target = path.Replace("{sid}", session.SessionId, StringComparison.Ordinal).Replace("{sub}", me.String("sub"), StringComparison.Ordinal);
        var answer = await server.SendAsync(new HttpMethod(method), target, content, token);
        return (answer, me.Text + session.Text, (await server.GetAsync("/auth/me", token)).Text + (await server.GetAsync("/auth/session", token)).Text);
    }

    private static ByteArrayContent Content(string body) => Content(Encoding.UTF8.GetBytes(body));

    private static ByteArrayContent Content(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private sealed class ChunkedContent : HttpContent
    {
        private readonly byte[] bytes;

        public ChunkedContent(byte[] bytes)
        {
            this.bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (var sent = 0; sent < bytes.Length; sent += 8192) await stream.WriteAsync(bytes.AsMemory(sent, Math.Min(8192, bytes.Length - sent)));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
