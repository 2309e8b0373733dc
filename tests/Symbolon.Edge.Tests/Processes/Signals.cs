using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Symbolon.Edge.Processes;

/// <summary>Linux's signals, as far as they are sent here.</summary>
internal enum Signals
{
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>Sends them.</summary>
internal static partial class SendSignals
{
    /// <summary>Sends one to a process, and to nobody else.</summary>
    public static void SendTo(this Signals signal, Process process) => Assert.Equal(0, Send(process.Id, (int)signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Send(int process, int signal);
}
