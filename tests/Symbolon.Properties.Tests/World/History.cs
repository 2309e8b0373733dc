using Symbolon.Authority.Ports;
using Symbolon.Refresh;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Properties;

/// <summary>Something that happened, in the order of commits.</summary>
internal abstract record Entry;

/// <summary>A token became the confirmed one.</summary>
internal sealed record Confirmed(Operation By, RefreshToken Token, Session Row) : Entry;

/// <summary>Tokens were made for an answer; whether it arrives is another matter.</summary>
internal sealed record Answered(Operation By, RefreshToken Presented, RefreshToken Child, AccessToken Access) : Entry;

/// <summary>No tokens: the decision (null: not authentic), and the session's row at that moment.</summary>
internal sealed record Refused(Operation By, RefreshDecision? Decision, Session Row) : Entry;

/// <summary>The session's row changed; by a presentation, or by something else (null).</summary>
internal sealed record Changed(Operation? By, Session Before, Session After) : Entry;

/// <summary>The thief holds this token from here on, and so does the victim.</summary>
internal sealed record Stolen(RefreshToken Token) : Entry;

/// <summary>What happened in a world, and how it stood at the end.</summary>
internal sealed class History
{
    private readonly List<Entry> entries = [];

    public IReadOnlyList<Entry> Entries => entries;

    public void Add(Entry entry) => entries.Add(entry);

    /// <summary>The confirmed token at each entry, beginning with none (the log-in).</summary>
    public IEnumerable<(Entry Entry, RefreshToken? Confirmed)> WithConfirmed()
    {
        RefreshToken? confirmed = null;
        foreach (var entry in entries)
        {
            if (entry is Confirmed { Token: var token }) confirmed = token;
            yield return (entry, confirmed);
        }
    }

    public required Session FirstRow { get; init; }

    public required RefreshToken FirstToken { get; init; }

    public required string FirstText { get; init; }

    public required AccessToken FirstAccess { get; init; }

    /// <summary>All presentations, answered or not.</summary>
    public List<Operation> Operations { get; } = [];

    /// <summary>When the user signed out, in the world's count.</summary>
    public List<long> Logouts { get; } = [];

    public Session? LastRow { get; set; }

    public Subject? LastSubject { get; set; }

    public int LastEra { get; set; }

    public RevokedSoFar RevokedSoFar { get; set; } = new([]);

    /// <summary>The victim's last word, when it was asked for: presenting its token alone, with nothing in flight.</summary>
    public Operation? Epilogue { get; set; }

    public IEnumerable<AccessToken> AccessTokens => entries.OfType<Answered>().Select(answer => answer.Access).Prepend(FirstAccess);
}

/// <summary>What a verifier that has read the whole revocation log refuses: DESIGN §6.</summary>
internal sealed class RevokedSoFar(IEnumerable<LoggedRevocation> log)
{
    private readonly List<RevocationEntry> entries = [.. log.Select(logged => logged.Entry!)];

    public bool Refuses(AccessToken token) => entries.Exists(entry => entry.Kind switch
    {
        RevocationKind.Session => entry.Key == token.Session.ToString(),
        RevocationKind.Subject => entry.Key == token.Subject.Value && token.Epoch < entry.Number,
        RevocationKind.Era => token.Era < entry.Number,
        _ => false,
    });
}
