using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Client;

namespace Orders;

/// <summary>The service user, and how often it works.</summary>
internal sealed class WorkerOptions
{
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>The API. It knows nothing of tokens.</summary>
internal sealed class OrdersApi(HttpClient http)
{
    public Task<string> NextAsync(CancellationToken ct) => http.GetStringAsync("/orders", ct);
}

/// <summary>Signs in when nobody is, and works.</summary>
internal sealed partial class OrdersWorker(ISymbolonSession session, OrdersApi orders, IOptions<WorkerOptions> options, TimeProvider time, ILogger<OrdersWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Every, time);
        do
        {
            try
            {
                await WorkAsync(stoppingToken);
            }
            catch (Exception e) when (e is HttpRequestException or TokenStoreException or SignedOutException or LoginRefusedException { Status: 429 } || (e is OperationCanceledException && !stoppingToken.IsCancellationRequested))
            {
                Waiting(e.Message); // the authority, the API or the disk: the session goes on, and so does the worker
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        try
        {
            if (await session.GetTokenAsync(ct: ct) is null) await SignInAsync(ct);
        }
        catch (SignedOutException e)
        {
            SignedOut(e.Message);
            await SignInAsync(ct);
        }

        Order(await orders.NextAsync(ct));
    }

    private Task<Session> SignInAsync(CancellationToken ct) => session.LoginAsync(
        new LoginRequest(options.Value.Username, options.Value.Password) { Device = new LoginDevice(Environment.MachineName, "worker") }, ct);

    [LoggerMessage(1, LogLevel.Information, "{Order}")]
    private partial void Order(string order);

    [LoggerMessage(2, LogLevel.Warning, "{Why}")]
    private partial void SignedOut(string why);

    [LoggerMessage(3, LogLevel.Warning, "Trying again later: {Why}")]
    private partial void Waiting(string why);
}
