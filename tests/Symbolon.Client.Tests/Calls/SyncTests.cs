using System.Collections.Concurrent;
using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Calls;

/// <summary>Programs that call synchronously, and programs whose context has one thread.</summary>
public class SyncTests
{
    [Fact]
    public async Task Send_Works_WhenTokenWasRefused()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Time.Advance(TimeSpan.FromMinutes(11));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/echo") { Content = new StringContent("bread") };

        using var response = client.Http.Send(request);

        Assert.Equal((200, 1), ((int)response.StatusCode, authority.Refreshes));
    }

    [Fact]
    public async Task Send_DoesNotDeadlock_InAContextOfOneThread()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Time.Advance(TimeSpan.FromMinutes(11));
        var done = new TaskCompletionSource<int>();
        var window = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new OneThread());
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/echo");
            using var response = client.Http.Send(request);
            client.Session.GetTokenAsync().AsTask().GetAwaiter().GetResult();
            client.Session.RefreshAsync().AsTask().GetAwaiter().GetResult();
            done.SetResult((int)response.StatusCode);
        }) { IsBackground = true };
        window.Start();

        Assert.Equal(200, await done.Task.WaitAsync(Patiently.Patience));
    }

    [Fact]
    public async Task AccessTokenProvider_GivesAToken_OrNull()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var provider = client.Session.AccessTokenProvider();
        Assert.Equal((await client.StoredAsync())!.AccessToken, await provider());
        await client.Session.LogoutAsync();
        Assert.Null(await provider());
    }

    // Its one thread is busy for as long as the test lasts: nothing that is posted to it ever runs.
    private sealed class OneThread : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Call, object? State)> posted = [];

        public override void Post(SendOrPostCallback d, object? state) => posted.Enqueue((d, state));
    }
}
