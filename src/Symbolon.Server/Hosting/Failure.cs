using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Ports;
using Symbolon.Mock;
using Symbolon.Storage;

namespace Symbolon.Server.Hosting;

/// <summary>What an operator sees when the program cannot go on: a message and exit code 1, never a trace.</summary>
internal static class Failure
{
    private static volatile bool started;

    /// <summary>Runs something and turns what an operator can mend into messages.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OptionsValidationException e)
        {
            return await ShowAsync([.. e.Failures]);
        }
        catch (Exception e) when (e is StorageStartException or StoreUnavailableException or ServerStartException or MockOptionsException)
        {
            return await ShowAsync(e.Message);
        }
        catch (InvalidOperationException e) when (e.InnerException is FormatException or InvalidCastException or ArgumentException)
        {
            return await ShowAsync($"The configuration cannot be read: {e.Message}");
        }
        catch (IOException e) when (e.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return await ShowAsync($"{e.Message} Choose another address with --urls.");
        }
    }

    /// <summary>The host logs why it did not start, with a trace; the operator reads the message instead. What the host logs later stays.</summary>
    public static void KeepTracesOutOfTheStart(ILoggingBuilder logging) =>
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Information);

    /// <summary>The server runs: from now on failures are logged as usual.</summary>
    public static void StartIsOver() => started = true;

    /// <summary>Shows messages on standard error.</summary>
    public static async Task<int> ShowAsync(params string[] messages)
    {
        foreach (var message in messages) await Console.Error.WriteLineAsync($"symbolon: {message}");
        return 1;
    }
}

/// <summary>The server cannot start as it is configured.</summary>
internal sealed class ServerStartException(string message) : Exception(message);
