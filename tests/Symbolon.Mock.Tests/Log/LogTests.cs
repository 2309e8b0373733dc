using System.Net.Http.Json;
using System.Text.Json;

namespace Symbolon.Mock.Tests.Log;

public class LogTests : MockTest
{
    [Fact]
    public async Task Count_IsExact_UnderParallelRequests_AndEachOutcomeIsThereBeforeItsAnswer()
    {
        var tokens = await Client.LogInAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            Assert.Equal(200, (await Client.GetAsync($"/api/{i}?secret={i}", tokens).SaysAsync()).Status);
            var entry = Mock.Log.Entries.Single(entry => entry.Path == $"/api/{i}");
            Assert.Equal((200, tokens.Session, "admin"), (entry.Status!.Value, entry.SessionId!, entry.UserName!));
        }));
        Assert.Equal(51, Mock.Log.Entries.Count);
        Assert.Equal(1, Mock.Log.Count("post", "/auth/login"));
        Assert.Equal(Enumerable.Range(1, 51).Select(n => (long)n), Mock.Log.Entries.Select(entry => entry.N));
    }

    [Fact]
    public async Task Entry_TellsTheCode_OfWhatWasRefused()
    {
        await Client.GetAsync("/api/x").SaysAsync();
        await Client.PostAsJsonAsync("/auth/login", new { username = "admin", password = "wrong" }).SaysAsync();
        Assert.Equal([(401, "token_missing"), (401, "invalid_credentials")], Mock.Log.Entries.Select(entry => (entry.Status!.Value, entry.Code!)));
    }

    [Fact]
    public async Task Since_GoesOn_WhereTheLastAnswerEnded()
    {
        await Client.GetAsync("/api/public").SaysAsync();
        var first = await Client.GetFromJsonAsync<JsonElement>("/__mock/log", TestContext.Current.CancellationToken);
        await Client.GetAsync("/api/public").SaysAsync();
        var second = await Client.GetFromJsonAsync<JsonElement>($"/__mock/log?since={first.GetProperty("next")}", TestContext.Current.CancellationToken);
        Assert.Equal(2, Assert.Single(second.GetProperty("items").EnumerateArray()).GetProperty("n").GetInt32());
        Assert.Equal(2, second.GetProperty("counts").GetProperty("GET /api/public").GetInt32());
        var nothing = await Client.GetFromJsonAsync<JsonElement>($"/__mock/log?since={long.MaxValue}", TestContext.Current.CancellationToken);
        Assert.Equal((0, 2), (nothing.GetProperty("items").GetArrayLength(), nothing.GetProperty("next").GetInt32())); // the counts alone
        using var cleared = await Client.DeleteAsync("/__mock/log", TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (Mock.Log.Entries.Count, Mock.Log.Count("GET", "/api/public")));
    }

    [Fact]
    public void Ring_KeepsTheNewest_AndTheCountsGoOn()
    {
        var log = new MockLog();
        for (var i = 0; i < MockLog.Capacity + 5; i++) log.Begin(DateTimeOffset.UnixEpoch, "GET", "/a");
        Assert.Equal((MockLog.Capacity, 6), (log.Entries.Count, log.Entries[0].N));
        Assert.Equal(MockLog.Capacity + 5, log.Count("GET", "/a"));
        log.Note(5, entry => entry with { Status = 200 });
        Assert.All(log.Entries, entry => Assert.Null(entry.Status));
    }
}
