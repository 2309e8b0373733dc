namespace Symbolon.Client.Sessions;

/// <summary>Work that belongs to no caller: it has neither a caller's context nor a caller's trace.</summary>
internal static class Background
{
    public static Task<T> Run<T>(Func<Task<T>> work)
    {
        if (ExecutionContext.IsFlowSuppressed()) return Task.Run(work);
        using (ExecutionContext.SuppressFlow()) return Task.Run(work);
    }
}
