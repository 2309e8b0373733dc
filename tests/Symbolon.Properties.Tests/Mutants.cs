using Symbolon.Authority.InMemory;
using Symbolon.Authority.Ports;
using Symbolon.Refresh;
using Symbolon.Sessions;
using static Symbolon.Refresh.RefreshDecision;

namespace Symbolon.Properties;

/// <summary>The protocol with one rule broken. Each must be caught by a promise; one that is not shows a promise that tests nothing.</summary>
internal static class Mutants
{
    /// <summary>A mutant of the table: sees the facts and what the real table decides.</summary>
    internal sealed class Table(Func<RefreshDecision, Situation, RefreshDecision> change) : Protocol
    {
        public override RefreshDecision Decide(SessionFacts facts, Bytes16? stamp, PresentedRefreshToken token, RefreshPolicy policy, SessionLifetime lifetime) =>
            change(base.Decide(facts, stamp, token, policy, lifetime), new Situation(facts, stamp, token, policy, lifetime));
    }

    internal sealed record Situation(SessionFacts Facts, Bytes16? Stamp, PresentedRefreshToken Token, RefreshPolicy Policy, SessionLifetime Lifetime)
    {
        public Session Row => Facts.Session!;

        /// <summary>How many generations the token is ahead of the confirmed one.</summary>
        public int Ahead => Token.Token.Generation - Row.Generation;

        public TimeSpan SinceRotation => Facts.Now - Row.ConfirmedAt;

        public bool IsWithinOverlap => SinceRotation < Policy.Overlap;

        /// <summary>The facts with each kept token standing for its whole generation.</summary>
        public SessionFacts KeepingGenerations
        {
            get
            {
                var bytes = Row.Superseded.ToBytes();
                for (var at = 0; at < bytes.Length; at += bytes.Length / Row.Superseded.Count) bytes[at] |= 0x80; // as Adopt writes the generation that was lost
                return Facts with { Session = Row with { Superseded = SupersededTokens.Read(bytes) } };
            }
        }

        /// <summary>What the real table decides in another situation.</summary>
        public RefreshDecision With(SessionFacts? facts = null, PresentedRefreshToken? token = null, RefreshPolicy? policy = null, Bytes16? stamp = null) =>
            RefreshRotation.Decide(facts ?? Facts, stamp ?? Stamp, token ?? Token, policy ?? Policy, Lifetime);
    }

    /// <summary>Rule 6 without the compare-and-swap.</summary>
    internal sealed class RotatesBlindly : Protocol
    {
        public override bool TryRotate(InMemoryState state, ISessionStore store, Session read, Session next, SessionEvent rotation) =>
            base.TryRotate(state, store, state.Sessions[read.Id], next, rotation);
    }

    /// <summary>Rule 6, or rule 8, that keeps other superseded tokens.</summary>
    internal sealed class Keeps(Func<Session, Session, Session> change) : Protocol
    {
        public override bool TryRotate(InMemoryState state, ISessionStore store, Session read, Session next, SessionEvent rotation) =>
            base.TryRotate(state, store, read, change(read, next), rotation);
    }

    /// <summary>What is kept after a rotation that skips no generation.</summary>
    internal static SupersededTokens After(Session read, Session next) => SupersededTokens.After(read, next.ConfirmedAt, new RefreshPolicy().Settle);

    /// <summary>The same, each kept token as if it had been superseded now.</summary>
    internal static SupersededTokens Renewed(Session read, Session next)
    {
        var bytes = After(read, next).ToBytes();
        for (var at = 0; at < bytes.Length; at += 20) bytes.AsSpan(^8..).CopyTo(bytes.AsSpan(at + 12));
        return SupersededTokens.Read(bytes);
    }

    /// <summary>Rule 6, or rule 7, without "not ended" in the commit; or, on top, without rule 2.</summary>
    internal sealed class ServesEnded(bool rotates, bool decides = false) : Protocol
    {
        public override RefreshDecision Decide(SessionFacts facts, Bytes16? stamp, PresentedRefreshToken token, RefreshPolicy policy, SessionLifetime lifetime) =>
            base.Decide(decides && facts.Session is { } row ? facts with { Session = row with { Ending = null } } : facts, stamp, token, policy, lifetime);

        public override bool TryRotate(InMemoryState state, ISessionStore store, Session read, Session next, SessionEvent rotation) =>
            (rotates && IsStillAt(state, read)) || base.TryRotate(state, store, read, next, rotation);

        public override bool TryRetry(InMemoryState state, ISessionStore store, Session read, Bytes16? attempt, SessionEvent retry) =>
            (!rotates && IsStillAt(state, read)) || base.TryRetry(state, store, read, attempt, retry);

        private static bool IsStillAt(InMemoryState state, Session read) =>
            state.Sessions[read.Id] is { Ending: not null } row && row.Generation == read.Generation && row.Branch == read.Branch;
    }

    /// <summary>Rule 6 that revives the session: writes the whole row as it was read.</summary>
    internal sealed class WritesWholeRow : Protocol
    {
        public override bool TryRotate(InMemoryState state, ISessionStore store, Session read, Session next, SessionEvent rotation)
        {
            var row = state.Sessions[read.Id];
            if (row.Generation != read.Generation || row.Branch != read.Branch) return false;
            state.Sessions[read.Id] = next;
            return true;
        }
    }

    /// <summary>Rule 7 without the compare-and-swap.</summary>
    internal sealed class RetriesBlindly : Protocol
    {
        public override bool TryRetry(InMemoryState state, ISessionStore store, Session read, Bytes16? attempt, SessionEvent retry) =>
            base.TryRetry(state, store, state.Sessions[read.Id], attempt, retry);
    }

    /// <summary>Rule 6 that moves the absolute end.</summary>
    internal sealed class MovesTheEnd : Protocol
    {
        public override bool TryRotate(InMemoryState state, ISessionStore store, Session read, Session next, SessionEvent rotation)
        {
            var rotated = base.TryRotate(state, store, read, next, rotation);
            if (rotated) state.Sessions[read.Id] = state.Sessions[read.Id] with { EndsAt = next.EndsAt.AddDays(1) };
            return rotated;
        }
    }

    /// <summary>Rule 11 that only refuses.</summary>
    internal sealed class OnlyRefuses : Protocol
    {
        public override bool End(ISessionStore store, SessionEnd end) => end.Session.Ending!.Reason is EndReason.RefreshReuse || base.End(store, end);
    }

    /// <summary>Reuse that ends the row and tells no verifier.</summary>
    internal sealed class EndsInSilence : Protocol
    {
        public override bool End(ISessionStore store, SessionEnd end) => base.End(store, end with { Entry = null });
    }

    /// <summary>A child shared by two callers: whoever presents the same token gets the same child.</summary>
    internal sealed class SharesChildren : Protocol
    {
        public override long Branch(RefreshToken parent, Random random) => (parent.Branch * 31) + parent.Generation;
    }

    /// <summary>The access token carries the numbers in force when it is issued, not its session's.</summary>
    internal sealed class ReadsNumbersWhenIssuing(bool era, bool epoch) : Protocol
    {
        public override (int Era, int Epoch) Numbers(Session session, InMemoryState state) =>
            (era ? state.Era : session.Era, epoch ? state.Subjects[session.Subject].Epoch : session.Epoch);
    }

    /// <summary>A token is read without its tag being checked: any text of the right form is believed.</summary>
    internal sealed class BelievesAnyKey : Protocol
    {
        public override RefreshTokenReading Read(string text, RefreshTokenKeys keys, out AuthenticRefreshToken token)
        {
            var reading = base.Read(text, keys, out token);
            return reading is RefreshTokenReading.NotAuthentic ? base.Read(text, World.StrangeKeys, out token) : reading;
        }
    }
}
