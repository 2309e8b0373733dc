using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Symbolon.Gateway.Hosting;

/// <summary>What an operator sees when the gateway cannot start: messages and exit code 1, never a trace.</summary>
internal static class Failure
{
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
