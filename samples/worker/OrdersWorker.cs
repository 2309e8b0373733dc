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
                if (await session.GetTokenAsync(ct: stoppingToken) is null) await SignInAsync(stoppingToken);
                Order(await orders.NextAsync(stoppingToken));
            }
            catch (SignedOutException e)
            {
                SignedOut(e.Message);
                await SignInAsync(stoppingToken);
            }
            catch (HttpRequestException e) // the authority or the API is down: the session goes on
            {
                Waiting(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
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
