namespace Symbolon.Testing.Clients;

/// <summary>Lets clients pass while a server is there, and tells how much they have got done.</summary>
public sealed class Gate
{
    private readonly Lock gate = new();
    private TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? awaited;
    private long rotations, target = long.MaxValue;

    /// <summary>Rotations that were acknowledged.</summary>
    public long Rotations => Interlocked.Read(ref rotations);

    public Task PassAsync()
    {
        lock (gate) return open.Task;
    }

    public void Open()
    {
        lock (gate) open.TrySetResult();
    }

    public void Close()
    {
        lock (gate)
            if (open.Task.IsCompleted) open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Counts an acknowledged rotation.</summary>
    public void Count()
    {
        if (Interlocked.Increment(ref rotations) < Interlocked.Read(ref target)) return;
        lock (gate) awaited?.TrySetResult();
    }

    /// <summary>Waits for so many more.</summary>
    public Task MoreAsync(long more)
    {
        lock (gate)
        {
            awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref target, Rotations + more);
            return awaited.Task;
        }
    }
}
