namespace Symbolon.Jose;

/// <summary>Lends instances of a type that is not safe for concurrent use, without a lock; makes more when all are out.</summary>
/// <remarks>An instance whose use threw is not handed back, so that a broken one is never lent again.</remarks>
internal sealed class InstancePool<T>(Func<T> create)
    where T : class, IDisposable
{
    private readonly T?[] _idle = new T?[16];
    private volatile bool _closed;

    public T Rent()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        for (var i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is not null && Interlocked.Exchange(ref _idle[i], null) is { } instance)
                return instance;
        }

        return create();
    }

    public void Return(T instance)
    {
        for (var i = 0; i < _idle.Length && !_closed; i++)
        {
            if (_idle[i] is null && Interlocked.CompareExchange(ref _idle[i], instance, null) is null)
            {
                if (_closed) // closed since we looked: nobody else would empty the slot
                    CloseIdle();
                return;
            }
        }

        instance.Dispose();
    }

    /// <summary>Disposes what is idle now and what comes back later. Pools of public keys are left to the finalizers of their handles.</summary>
    public void Close()
    {
        _closed = true;
        CloseIdle();
    }

    private void CloseIdle()
    {
        for (var i = 0; i < _idle.Length; i++)
            Interlocked.Exchange(ref _idle[i], null)?.Dispose();
    }
}
