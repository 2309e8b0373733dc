using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Processes;

/// <summary>Real processes on one folder of tokens.</summary>
public sealed class ProcessesTests : IDisposable
{
    private static readonly TimeSpan Over = TimeSpan.FromMinutes(11);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-");

    private string Tokens => Path.Combine(folder.FullName, "tokens");

    [Fact]
    public async Task TwoProcesses_RefreshOnce_OnOneFolder()
    {
        await using var authority = await TestAuthority.StartAsync();
        await SignInAsync(authority);
        await using var a = await ClientProcess.StartAsync(authority.Address, Tokens);
        await using var b = await ClientProcess.StartAsync(authority.Address, Tokens);
        for (var round = 1; round <= 5; round++)
        {
            authority.Time.Advance(Over);

            var done = await Task.WhenAll(a.CallAsync(20), b.CallAsync(20));

            Assert.Equal(["done 200:20", "done 200:20"], done);
            Assert.Equal(round, authority.Refreshes);
        }
    }

    [Fact]
    public async Task RestartedProcess_IsServedAgain_WhenItWasKilledAfterSending()
    {
        await using var authority = await TestAuthority.StartAsync();
        await SignInAsync(authority, "strict"); // only the attempt's id, in the file, helps
        authority.Time.Advance(Over);
        var gate = authority.Faults.HoldAnswers("/auth/refresh"); // rotated
        await using (var killed = await ClientProcess.StartAsync(authority.Address, Tokens, "strict"))
        {
            killed.Ask(1);
            await gate.Reached;
            await killed.KillAsync();
        }

        gate.Open();
        authority.Faults.Clear();
        authority.Time.Advance(TimeSpan.FromSeconds(60)); // past settle
        await using var restarted = await ClientProcess.StartAsync(authority.Address, Tokens, "strict");

        Assert.Equal("done 200:10", await restarted.CallAsync(10));
        Assert.Equal(2, authority.Refreshes);
        authority.Time.Advance(Over);
        Assert.Equal("done 200:1", await restarted.CallAsync(1));
    }

    [Fact]
    public async Task FrozenLockHolder_HoldsTheOthersUpForABoundedTime()
    {
        await using var authority = await TestAuthority.StartAsync();
        await SignInAsync(authority);
        var time = new FiringTime();
        using var client = authority.Client(time, new FileTokenStore(Microsoft.Extensions.Options.Options.Create(new FileTokenStoreOptions { Directory = Tokens }), log: null, time));
        using var frozen = await new FileTokenStore(Tokens).LockAsync(SymbolonClient.DefaultSessionKey, TimeSpan.Zero);
        Assert.NotNull(frozen);

        var refresh = client.Session.RefreshAsync().AsTask();

        Assert.Equal(RefreshOutcome.Refreshed, await time.AdvanceUntilAsync(refresh, TimeSpan.FromMilliseconds(500)));
        Assert.Contains("5006", client.Log.Text);
    }

    [Fact]
    public async Task Logout_InOneProcess_SignsTheOtherOut()
    {
        await using var authority = await TestAuthority.StartAsync();
        await SignInAsync(authority);
        await using var other = await ClientProcess.StartAsync(authority.Address, Tokens);
        using var client = authority.Client(TimeProvider.System, new FileTokenStore(Tokens));

        await client.Session.LogoutAsync();

        Assert.Equal("done SignedOutException", await other.CallAsync(3));
    }

    [Fact]
    public async Task HttpToThisMachine_DoesNotLeaveIt_WhenAProxyIsSet()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var proxy = await TestAuthority.StartAsync();
        await SignInAsync(authority);
        await using var client = await ClientProcess.StartAsync(authority.Address, Tokens, proxy: proxy.Address);
        authority.Time.Advance(Over);

        var done = await client.CallAsync(3);

        Assert.Empty(proxy.Faults.Asked); // neither the access token nor the refresh token passed by
        Assert.Equal(("done 200:3", 1), (done, authority.Refreshes));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task SignInAsync(TestAuthority authority, string? clientId = null)
    {
        using var client = await authority.SignedInAsync(TimeProvider.System, new FileTokenStore(Tokens), o => o.ClientId = clientId);
    }
}
