namespace Symbolon.Storage;

/// <summary>The storage cannot be used as it is, and trying again would not help: no library, no directory, another program's file, a newer schema.</summary>
/// <remarks>The message is one line that says what is wrong and what to do; show it without a trace.</remarks>
public sealed class StorageStartException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public StorageStartException(string message, Exception? inner = null) : base(message, inner) { }
}
