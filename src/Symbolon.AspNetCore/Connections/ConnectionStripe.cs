namespace Symbolon.AspNetCore;

/// <summary>Some of the open connections: a list that one can be taken out of at once. There are several, so that requests do not wait for each other.</summary>
internal sealed class ConnectionStripe
{
    private readonly Lock gate = new();
    private SymbolonConnection? first;

    public void Add(SymbolonConnection connection)
    {
        lock (gate)
        {
            connection.Stripe = this;
            connection.Next = first;
            first?.Previous = connection;
            first = connection;
        }
    }

    public void Remove(SymbolonConnection connection)
    {
        lock (gate)
        {
            if (connection.Stripe is null) return;
            if (connection.Previous is { } previous) previous.Next = connection.Next;
            else first = connection.Next;
            connection.Next?.Previous = connection.Previous;
            (connection.Stripe, connection.Previous, connection.Next) = (null, null, null);
        }
    }

    /// <summary>Adds those that are open now to a list.</summary>
    public void CopyTo(List<SymbolonConnection> all)
    {
        lock (gate)
        {
            for (var one = first; one is not null; one = one.Next) all.Add(one);
        }
    }
}
