using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Symbolon.Testing;

/// <summary>Linux's signals, as far as they are sent here.</summary>
public enum Signals
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>Sends them.</summary>
public static partial class SendSignals
{
    /// <summary>Sends one to a process, and to nobody else.</summary>
    public static void SendTo(this Signals signal, Process process)
    {
        if (!signal.TrySendTo(process.Id)) throw new InvalidOperationException($"{signal} cannot be sent to {process.Id}.");
    }

    /// <summary>The same for a process that may have ended; false when it has.</summary>
    public static bool TrySendTo(this Signals signal, int process) => Send(process, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Send(int process, int signal);
}
