namespace Symbolon.Properties;

/// <summary>What can happen in a world. What does not apply (a thief who stole nothing) does nothing, so that any list of steps is a run.</summary>
internal enum Act
{
    /// <summary>A tab refreshes, from reading its storage to storing the answer, undisturbed.</summary>
    VictimRefreshes,

    /// <summary>A tab reads its storage and sends; the request is in flight.</summary>
    VictimSends,

    /// <summary>The thief refreshes, undisturbed, with its newest token or an older one.</summary>
    ThiefRefreshes,

    /// <summary>The thief sends.</summary>
    ThiefSends,

    /// <summary>The thief copies the victim's storage; only the first time counts.</summary>
    Steal,

    /// <summary>Somebody presents any token that was ever handed out, undisturbed.</summary>
    Replay,

    /// <summary>Another client, or the other transport, presents any token that was ever handed out.</summary>
    ForeignPresents,

    /// <summary>Somebody presents a token that the authority never made.</summary>
    Forge,

    /// <summary>One of the requests in flight gets one phase further: load, decide, commit, answer.</summary>
    Advance,

    /// <summary>One of the requests in flight gets to its end.</summary>
    Finish,

    /// <summary>A request, or its response, is lost.</summary>
    Lose,

    /// <summary>The server restarts: whatever it was working on is gone, what was committed stays.</summary>
    Crash,

    /// <summary>The store fails over and has lost its last rotation, although it was acknowledged.</summary>
    Failover,

    /// <summary>Time passes.</summary>
    Wait,

    /// <summary>The store's clock is set forwards or backwards.</summary>
    SetClock,

    /// <summary>The session ends by its user.</summary>
    Logout,

    /// <summary>All of the subject's sessions end: its epoch is raised.</summary>
    RaiseEpoch,

    /// <summary>Everyone's sessions end: the era is raised.</summary>
    RaiseEra,

    /// <summary>The account is disabled and enabled again.</summary>
    Disable,

    /// <summary>The account's security stamp changes.</summary>
    Restamp,

    /// <summary>The sweeper ends what has run out.</summary>
    Sweep,
}

/// <summary>One thing that happens.</summary>
/// <param name="Act">What.</param>
/// <param name="Which">To which of the candidates, or how much: counted modulo their number.</param>
internal readonly record struct Step(Act Act, int Which)
{
    public override string ToString() => $"{Act}({Which})";
}

/// <summary>A run: how the world is set up, and what happens in it.</summary>
internal sealed record Run(Setup Setup, Step[] Steps)
{
    public override string ToString() => $"{Setup}: {string.Join(' ', Steps)}";
}
