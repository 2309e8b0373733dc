using System.Net;
using System.Net.Http.Json;
using System.Text;
using Symbolon.Client.Tests.Support;

namespace Symbolon.Client.Tests.Calls;

/// <summary>What is sent again after a refused token, and what is not.</summary>
public class BodyTests
{
    private static readonly TimeSpan Over = TimeSpan.FromMinutes(11);

    public static TheoryData<string> Kinds => ["text", "json", "form", "multipart", "file", "pipe", "empty"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Body_IsSentAgain_WhateverItIsReadFrom(string kind)
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var expected = await PostAsync(client, kind);
        authority.Time.Advance(Over);

        var answer = await PostAsync(client, kind);

        Assert.Equal((expected, 1), (answer, authority.Refreshes));
        Assert.StartsWith("POST 7 ", answer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LargeBody_IsNotSentAgain_AndSaysSo(bool hasLength)
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync(token: t => t.MaxReplay = 1000);
        authority.Time.Advance(Over);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/echo") { Content = hasLength ? new ByteArrayContent(new byte[1001]) : new StreamContent(new Pipe(new byte[1001])) };

        using var refused = await client.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.Unauthorized, NotReplayedReason.TooLarge), (refused.StatusCode, refused.NotReplayedReason()));
        Assert.True(request.Options.TryGetValue(SymbolonRequest.NotReplayed, out _));
        Assert.Contains("token_expired", await refused.Content.ReadAsStringAsync()); // the answer is whole
        using var again = await client.Http.PostAsync("/api/echo", new ByteArrayContent(new byte[1001]));
        Assert.Equal((HttpStatusCode.OK, 1), (again.StatusCode, authority.Refreshes)); // the session has been refreshed
    }

    [Fact]
    public async Task LargeBody_StillStreams_WhenTokenIsGood()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync(token: t => t.MaxReplay = 10);

        using var answer = await client.Http.PostAsync("/api/echo", new StreamContent(new Pipe(new byte[100_000])));

        Assert.Contains(" 100000 ", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Request_OfTheCaller_IsNotChanged()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Time.Advance(Over);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(authority.Address, "/api/echo")) { Content = JsonContent.Create(new { a = 1 }), Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Options.Set(new HttpRequestOptionsKey<int>("mine"), 5);
        var (content, sent) = (request.Content, new List<HttpRequestMessage>());
        using var invoker = new HttpMessageInvoker(client.Client.CreateHandler(inner: new Watch(sent, new SocketsHttpHandler())));

        using var first = await invoker.SendAsync(request, default);
        using var second = await invoker.SendAsync(request, default); // as a retry handler above would

        Assert.Equal((200, 200), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Null(request.Headers.Authorization);
        Assert.Same(content, request.Content);
        Assert.Equal(3, sent.Distinct().Count());
        Assert.DoesNotContain(request, sent);
        Assert.All(sent, one =>
        {
            Assert.Equal((HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact), (one.Version, one.VersionPolicy));
            Assert.True(one.Options.TryGetValue(new HttpRequestOptionsKey<int>("mine"), out var mine) && mine == 5);
        });
    }

    [Fact]
    public async Task Request_ThatIsSentAnew_DoesNotSayWhatWasBefore()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync(token: t => t.MaxReplay = 10);
        authority.Time.Advance(Over);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(authority.Address, "/api/echo")) { Content = new ByteArrayContent(new byte[11]) };
        using var invoker = new HttpMessageInvoker(client.Client.CreateHandler(t => t.MaxReplay = 10));
        using var first = await invoker.SendAsync(request, default);
        Assert.Equal(NotReplayedReason.TooLarge, first.NotReplayedReason());

        using var second = await invoker.SendAsync(request, default); // as a retry handler above would

        Assert.Equal((HttpStatusCode.OK, null), (second.StatusCode, second.NotReplayedReason()));
    }

    [Fact]
    public async Task Body_IsSent_WhenTheFirstRefusalCameBeforeIt()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync(token: t => t.MaxReplay = 10); // what was not begun needs no keeping
        authority.Time.Advance(Over);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/echo") { Content = new StreamContent(new Pipe(new byte[100_000])), Headers = { ExpectContinue = true } };

        using var answer = await client.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, 2), (answer.StatusCode, authority.Count("/api/echo")));
        Assert.Contains(" 100000 ", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task LargeBodies_CostOneRefresh_WhenTheApiRefusesEachToken()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync(token: t => t.MaxReplay = 10);
        authority.Faults.On("/api/echo", (http, _) => // an API whose clock is wrong
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Task.CompletedTask;
        });

        for (var i = 0; i < 10; i++)
        {
            using var refused = await client.Http.PostAsync("/api/echo", new ByteArrayContent(new byte[11]));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        Assert.Equal((1, 1), (authority.Refreshes, client.Log.Count(5007)));
    }

    [Fact]
    public async Task LargeBodies_AreNotHeldAgainstATokenThatWorks()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync(token: t => t.MaxReplay = 10);
        for (var round = 1; round <= 3; round++)
        {
            authority.Time.Advance(Over);
            using var refused = await client.Http.PostAsync("/api/echo", new ByteArrayContent(new byte[11]));
            using var again = await client.Http.PostAsync("/api/echo", new ByteArrayContent(new byte[11]));
            Assert.Equal((401, 200, round), ((int)refused.StatusCode, (int)again.StatusCode, authority.Refreshes));
        }
    }

    private static async Task<string> PostAsync(TestClient client, string kind)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/echo");
        request.Headers.Add("X-Trace", "7");
        request.Content = kind switch
        {
            "text" => new StringContent("bread and salt"),
            "json" => JsonContent.Create(new { bread = "salt" }), // its length is not known before
            "form" => new FormUrlEncodedContent([KeyValuePair.Create("bread", "salt")]),
            "multipart" => new MultipartFormDataContent("boundary") { { new StringContent("salt"), "bread" }, { new StreamContent(new Pipe("crumbs"u8.ToArray())), "file", "crumbs.txt" } },
            "file" => new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("bread and salt"))),
            "pipe" => new StreamContent(new Pipe(Encoding.UTF8.GetBytes("bread and salt"))),
            _ => null,
        };
        using var response = await client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>What can be read once, and whose length nobody knows.</summary>
    private sealed class Pipe(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    private sealed class Watch(List<HttpRequestMessage> sent, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent.Add(request);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
