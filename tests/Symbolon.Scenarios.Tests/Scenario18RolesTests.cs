using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>18. An administrator changes a role.</summary>
public sealed class Scenario18RolesTests(Laboratory laboratory)
{
    private const string ForAdministrators = "/api/admin/things";

    [Theory, ClassData(typeof(Seeds))]
    public async Task NextCall_HasTheNewRole_WithoutALogIn(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tabs = await stage.SignInAsync(1 + stage.Dice.Next(3));
        await tabs[0].ExpectCallsAsync("403", 1, ForAdministrators);

        await stage.Mock.SetRolesAsync("user", ["admin"]);
        await tabs[stage.Dice.Next(tabs.Length)].ExpectCallsAsync("200", stage.Dice.Next(1, 10), ForAdministrators);
        foreach (var tab in tabs) await tab.ExpectCallsAsync("200", 3, ForAdministrators);
        Assert.Equal(1, stage.Refreshes);
        foreach (var tab in tabs) await tab.ExpectEventsAsync("claims-changed", 1);

        await stage.Mock.SetRolesAsync("user", []);
        foreach (var tab in tabs) await tab.ExpectCallsAsync("403", 3, ForAdministrators);
        foreach (var tab in tabs) await tab.ExpectCallsAsync("200");
        Assert.Equal(2, stage.Refreshes);
        Assert.Equal(0, stage.Mock.Log.Count("POST", "/auth/login"));
        await stage.ExpectOneLiveSessionAsync();
    }
}
