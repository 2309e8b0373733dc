using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Properties;

/// <summary>The honest client: one storage, several tabs. It stores a token only in place of one of a lower generation (a cookie jar takes what comes).</summary>
internal sealed class Victim(Setup setup, RefreshToken token, string text)
{
    private TimeSpan? sinceFirstSent;

    public RefreshToken Token { get; private set; } = token;

    public string Text { get; private set; } = text;

    /// <summary>One attempt id for each token, kept in the storage, shared by the tabs.</summary>
    public static Bytes16 AttemptOf(RefreshToken token) => Bytes16.HashOf($"{token.Session}/{token.Generation}");

    public Operation? Send(World world)
    {
        if (setup.IsCookieJar && world.InFlight.Any(other => other.By is Party.Victim)) return null;
        if (setup.Honest && !setup.SendsAttempts && sinceFirstSent >= setup.Policy.Overlap) return null; // too late to ask again: it would have to log in
        sinceFirstSent ??= TimeSpan.Zero;
        return new Operation(world, Party.Victim, Text, Token) { Attempt = setup.SendsAttempts ? AttemptOf(Token) : null };
    }

    public void Store(RefreshToken token, string text)
    {
        if (!setup.IsCookieJar && token.Generation <= Token.Generation) return;
        (Token, Text, sinceFirstSent) = (token, text, null);
    }

    /// <summary>Whether more rotations overtook a request than tokens are kept: [I7] promises nothing for it.</summary>
    public bool IsOvertaken(Operation request, Session row) =>
        setup.Honest && request.By is Party.Victim && row.Generation - request.Sent.Generation > SupersededTokens.Most;

    /// <summary>Time passes: what [I7] calls delayed, or asks again too late, is given up instead.</summary>
    public void Pass(TimeSpan moved, IEnumerable<Operation> inFlight)
    {
        sinceFirstSent += moved;
        foreach (var request in inFlight.Where(request => request.By is Party.Victim && request.Phase is not Phase.Answered))
        {
            request.Flight += moved;
            var isLate = request.Flight >= setup.Policy.Settle || (!setup.SendsAttempts && sinceFirstSent >= setup.Policy.Overlap);
            if (setup.Honest && isLate) request.Phase = Phase.Gone;
        }
    }
}
