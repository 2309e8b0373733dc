using Symbolon.Revocation;

namespace Symbolon.Sessions;

/// <summary>What ending everyone's sessions writes, all in one transaction.</summary>
/// <param name="Era">The new era.</param>
/// <param name="Entry">What verifiers must learn.</param>
/// <param name="Event">What the log keeps.</param>
public sealed record EraChange(int Era, RevocationEntry Entry, SessionEvent Event)
{
    /// <summary>Raises the era: every session that started below it counts as ended.</summary>
    public static EraChange Raise(int era, string? by, DateTimeOffset now) => new(
        era + 1,
        RevocationEntry.OfEra(era + 1, now),
        new SessionEvent(EventKind.EraRaised, now, Number: era + 1, Reason: EndReason.AllEnded.Code(), By: by));
}
