using System.Text;
using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>20. An API of another origin, redirects, and bodies that can or cannot be sent twice. The token never leaves <c>attach</c>.</summary>
public sealed class Scenario20OtherOriginsTests(Laboratory laboratory)
{
    [Theory, ClassData(typeof(Seeds))]
    public async Task Token_StaysHome_WhenAnotherOriginIsCalled(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        await using var api = await OtherApi.StartAsync();
        var tab = (await stage.SignInAsync())[0];

        await tab.ExpectCallsAsync("200", 3, $"{api.Origin}/things/{{i}}");
        api.RefuseNext();
        await tab.ExpectCallsAsync("401", 1, $"{api.Origin}/refused");

        Assert.Equal(4, api.Calls.Count);
        Assert.DoesNotContain(api.Calls, call => call.HasToken);
        Assert.Equal(0, stage.Refreshes); // its refusal says nothing about a token that it was not shown
    }

    [Theory, ClassData(typeof(Seeds))]
    public async Task Token_IsNotPassedOn_WhenAnAttachedOriginRedirects(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        await using var attached = await OtherApi.StartAsync();
        await using var stranger = await OtherApi.StartAsync();
        var tab = (await stage.SignInAsync(1, new { attach = new[] { attached.Origin } }))[0];

        await tab.ExpectCallsAsync("200", 1, $"{attached.Origin}/go?to={Uri.EscapeDataString($"{stranger.Origin}/landed")}");
        stranger.RefuseNext();
        await tab.CallAsync($"{attached.Origin}/go?to={Uri.EscapeDataString($"{stranger.Origin}/refused")}");

        Assert.All(attached.Calls, call => Assert.True(call.HasToken));
        Assert.NotEmpty(stranger.Calls);
        Assert.DoesNotContain(stranger.Calls, call => call.HasToken);
    }

    [Theory, ClassData(typeof(Seeds))]
    public async Task Body_IsSentAgain_WhenItIsAForm(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        await using var api = await OtherApi.StartAsync();
        var tab = (await stage.SignInAsync(1, new { attach = new[] { api.Origin } }))[0];
        var text = new string((char)('a' + stage.Dice.Next(26)), stage.Dice.Next(1, 50_000));
        api.RefuseNext();

        var status = await tab.AskAsync("""
            async ({ url, text }) => {
              const form = new FormData();
              form.append('file', new Blob([text], { type: 'text/plain' }), 'file.txt');
              return (await lab.auth.fetch(url, { method: 'POST', body: form })).status;
            }
            """, new { url = $"{api.Origin}/upload", text });

        Assert.Equal(200, status.GetInt32());
        Assert.Equal(2, api.Calls.Count);
        Assert.All(api.Calls, call => Assert.Contains(text, Encoding.UTF8.GetString(call.Body), StringComparison.Ordinal));
        Assert.All(api.Calls, call => Assert.StartsWith("multipart/form-data; boundary=", call.ContentType, StringComparison.Ordinal));
        Assert.NotEqual(api.Calls[0].Authorization, api.Calls[1].Authorization);
        Assert.Equal(1, stage.Refreshes);
    }

    [Theory, ClassData(typeof(Seeds))]
    public async Task Body_IsNotSentAgain_WhenItIsAStream(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        await using var api = await OtherApi.StartAsync();
        var tab = (await stage.SignInAsync(1, new { attach = new[] { api.Origin } }))[0];
        const string Send = """
            url => lab.auth.fetch(url, { method: 'POST', duplex: 'half', body: new Blob(['one, two']).stream() })
              .then(r => ({ status: r.status }), e => ({ name: e.name, code: e.code, status: e.response?.status }))
            """;

        Assert.Equal("""{"status":200}""", (await tab.AskAsync(Send, $"{api.Origin}/upload")).GetRawText());
        api.RefuseNext();
        var refused = await tab.AskAsync(Send, $"{api.Origin}/upload");

        Assert.Equal("""{"name":"AuthError","code":"body_not_replayable","status":401}""", refused.GetRawText());
        Assert.Equal(["one, two", "one, two"], api.Calls.Select(call => Encoding.UTF8.GetString(call.Body)));
        Assert.Equal(1, stage.Refreshes); // the next call has a good token
        Assert.Equal("""{"status":200}""", (await tab.AskAsync(Send, $"{api.Origin}/upload")).GetRawText());
    }
}
