namespace Symbolon.Storage;

/// <summary>One change that waits for the writer. Its task ends only when its transaction is durable, or is known to have changed nothing.</summary>
internal abstract class SqliteWork
{
    /// <summary>Ends it when its caller has gone before it began; false when it is to be done.</summary>
    public abstract bool TryCancel();

    /// <summary>Changes, inside the open transaction. May be called again after a roll-back.</summary>
    public abstract void Run(StoreConnection db);

    /// <summary>Its transaction is durable.</summary>
    public abstract void Succeed();

    /// <summary>It changed nothing.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A change with an answer.</summary>
internal sealed class SqliteWork<T>(Func<StoreConnection, T> change, CancellationToken ct) : SqliteWork
{
    // Continuations must not run on the writer's thread: it has others to serve.
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? answer;

    public Task<T> Task => completion.Task;

    public override bool TryCancel() => ct.IsCancellationRequested && completion.TrySetCanceled(ct);

    public override void Run(StoreConnection db) => answer = change(db);

    public override void Succeed() => completion.TrySetResult(answer!);

    public override void Fail(Exception exception) => completion.TrySetException(exception);
}
