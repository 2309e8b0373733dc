using Symbolon.Server.Processes;

namespace Symbolon.Cluster.Support;

/// <summary>The tests' own cluster.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task Session_IsThatOfAllAuthorities_WhereverItBegan()
    {
        await using var cluster = await Cluster.CreateAsync();
        var processes = await cluster.StartProcessesAsync(2);
        var inside = await cluster.StartAsync();
        var tokens = await inside.StartSessionAsync();

        var refresh = tokens.RefreshToken;
        foreach (var process in processes)
        {
            using var api = new Api(process.Address);
            var answer = await api.RefreshAsync(refresh);
            Assert.True(answer.Status == 200, $"{answer}\n{process.Output}");
            Assert.Equal(200, (await inside.Api.GetAsync("/auth/session", answer.AccessToken)).Status);
            refresh = answer.RefreshToken!;
        }
    }
}
