using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Symbolon.Gateway.Hosting;

/// <summary>What an operator sees when the gateway cannot start: messages and exit code 1, never a trace.</summary>
internal static class Failure
{
    private static volatile bool started;

    /// <summary>The host logs why it did not start, with a trace; the operator reads the message instead. What the host logs later stays.</summary>
    public static void KeepTracesOutOfTheStart(ILoggingBuilder logging) =>
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Information);

    /// <summary>The gateway runs: from now on failures are logged as usual.</summary>
    public static void StartIsOver() => started = true;

    /// <summary>Runs, and turns what an operator can mend into messages.</summary>
    public static async Task<int> GuardAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (GatewayStartException e)
        {
            foreach (var message in e.Messages) await Console.Error.WriteLineAsync($"symbolon-gateway: {message}");
        }
        catch (InvalidOperationException e) when (e.InnerException is FormatException or InvalidCastException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"symbolon-gateway: the configuration cannot be read: {e.Message}");
        }
        catch (FormatException e) when (e.Message.StartsWith("Invalid url", StringComparison.Ordinal))
        {
            await Console.Error.WriteLineAsync($"symbolon-gateway: {e.Message}. Write an address to listen on, for example --urls http://127.0.0.1:5090");
        }
        catch (IOException e) when (e.InnerException is SocketException or AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"symbolon-gateway: {e.Message} Choose another address with --urls.");
        }

        return 1;
    }
}

/// <summary>The gateway cannot start as it is configured.</summary>
internal sealed class GatewayStartException(params IReadOnlyList<string> messages) : Exception(string.Join(Environment.NewLine, messages))
{
    /// <summary>What to mend.</summary>
    public IReadOnlyList<string> Messages { get; } = messages;
}
