using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>9. No network for ten minutes around the token's end.</summary>
public sealed class Scenario09OfflineTests(Laboratory laboratory)
{
    [Theory, ClassData(typeof(Seeds))]
    public async Task User_StaysSignedIn_WhenTheTokenEndsOffline(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed, clockAhead: TimeSpan.Zero, tokenLifetime: TimeSpan.FromMinutes(5));
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));

        await stage.Context.SetOfflineAsync(true);
        await stage.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(20), tabs);
        Assert.Equal(0, stage.Refreshes);
        foreach (var tab in tabs) await tab.ExpectStateAsync("offline");
        foreach (var tab in tabs) Assert.Empty(await tab.EventsAsync("signed-out"));

        await stage.Context.SetOfflineAsync(false);
        await stage.PassAsync(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5), tabs);
        foreach (var tab in tabs) await tab.ExpectStateAsync("active");
        foreach (var tab in tabs) await tab.ExpectCallsAsync("200");

        Assert.Equal(1, stage.Refreshes);
        await stage.ExpectOneLiveSessionAsync();
    }
}
