namespace Symbolon.Sessions;

/// <summary>Why a session ended. DESIGN §7 lists the codes.</summary>
public enum EndReason
{
    /// <summary>The user signed out.</summary>
    Logout = 1,

    /// <summary>The user ended it from another session.</summary>
    EndedByUser,

    /// <summary>An administrator ended it.</summary>
    EndedByAdmin,

    /// <summary>A refresh token was used again outside the rules (RFC 9700 §4.14.2).</summary>
    RefreshReuse,

    /// <summary>The password, or what the security stamp stands for, was changed.</summary>
    PasswordChanged,

    /// <summary>The account was disabled.</summary>
    AccountDisabled,

    /// <summary>The account was deleted.</summary>
    AccountDeleted,

    /// <summary>All sessions, of the user or of everyone, were ended.</summary>
    AllEnded,

    /// <summary>Not refreshed for longer than the inactivity timeout.</summary>
    Inactivity,

    /// <summary>Older than the absolute lifetime.</summary>
    AbsoluteLifetime,

    /// <summary>The user had as many sessions as are allowed; this one was used least recently.</summary>
    SessionLimit,

    /// <summary>A new log-in on the same device took its place.</summary>
    Replaced,

    /// <summary>The application found it risky.</summary>
    Risk,
}

/// <summary>The codes of <see cref="EndReason"/>.</summary>
public static class EndReasons
{
    private static readonly string[] Codes =
    [
        "", "logout", "ended_by_user", "ended_by_admin", "refresh_reuse", "password_changed", "account_disabled", "account_deleted",
        "all_ended", "inactivity", "absolute_lifetime", "session_limit", "replaced", "risk",
    ];

    /// <summary>Whether it is the session's age: it ended for nothing that anybody did.</summary>
    public static bool IsAge(this EndReason reason) => reason is EndReason.Inactivity or EndReason.AbsoluteLifetime;

    /// <summary>The stable code, as in stores, events and problem documents.</summary>
    public static string Code(this EndReason reason) => Codes[(int)reason];

    /// <summary>The reason of a code.</summary>
    /// <exception cref="FormatException">The code is none of ours.</exception>
    public static EndReason Parse(string code) =>
        TryParse(code, out var reason) ? reason : throw new FormatException($"'{code}' is not an end reason.");

    /// <summary>The reason of a code that another version may have written.</summary>
    public static bool TryParse(string code, out EndReason reason)
    {
        var at = Array.IndexOf(Codes, code);
        reason = at > 0 ? (EndReason)at : default;
        return at > 0;
    }
}
