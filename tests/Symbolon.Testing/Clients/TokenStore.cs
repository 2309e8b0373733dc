namespace Symbolon.Testing.Clients;

/// <summary>What the tabs of one client share: the newest token, and its attempt id, written down before a request leaves.</summary>
public sealed class TokenStore(string token, int generation)
{
    private const int MostDead = 64;

    private readonly Lock gate = new();
    private readonly Queue<Held> others = [];
    private Held held = Held.Of(token, generation);
    private Held? confirmed;

    /// <summary>The highest generation that an answer has confirmed; 0 before the first.</summary>
    public int Acknowledged
    {
        get
        {
            lock (gate) return confirmed?.Generation ?? 0;
        }
    }

    /// <summary>Reads the newest token.</summary>
    public Held Read()
    {
        lock (gate) return held;
    }

    /// <summary>Takes the answer to a token: only a higher generation replaces what is held.</summary>
    public void Take(Held presented, string child, int childGeneration)
    {
        lock (gate)
        {
            if (confirmed is null || presented.Generation > confirmed.Generation) confirmed = presented;
            var (kept, other) = (Held.Of(child, childGeneration), held);
            if (kept.Generation <= held.Generation) (kept, other) = (held, kept);
            held = kept;
            others.Enqueue(other);
            if (others.Count > MostDead) others.Dequeue();
        }
    }

    /// <summary>Tokens that must never yield tokens again: left behind, or siblings of a confirmed one.</summary>
    public IReadOnlyList<Held> Dead()
    {
        lock (gate)
        {
            return confirmed is null ? []
                : [.. others.Where(token => token.Generation < confirmed.Generation || (token.Generation == confirmed.Generation && token.Token != confirmed.Token))];
        }
    }
}

/// <summary>A token as a client holds it.</summary>
public sealed record Held(string Token, int Generation, string? Attempt)
{
    public static Held Of(string token, int generation) => new(token, generation, Guid.NewGuid().ToString("N"));
}
