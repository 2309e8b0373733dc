using Microsoft.Extensions.Logging;

namespace Symbolon.AspNetCore;

/// <summary>Every line the verifier logs, with stable event ids. Addresses, counts and codes only: never a token, a secret or what a token says.</summary>
internal static partial class SymbolonLog
{
    [LoggerMessage(2001, LogLevel.Information, "{Scheme}: {Count} verification keys in force")]
    public static partial void KeysRead(this ILogger log, string scheme, int count);

    [LoggerMessage(2002, LogLevel.Warning, "{Scheme}: the issuer's keys cannot be had; the {Count} at hand go on being used. {Why}")]
    public static partial void KeysUnreachable(this ILogger log, string scheme, int count, string why);

    [LoggerMessage(2003, LogLevel.Error, "{Scheme}: the issuer's keys are refused; the {Count} at hand go on being used. {Why}")]
    public static partial void KeysRefused(this ILogger log, string scheme, int count, string why);

    [LoggerMessage(2010, LogLevel.Information, "{Scheme}: following the revocation feed from {Seq}")]
    public static partial void FeedFollowed(this ILogger log, string scheme, long seq);

    [LoggerMessage(2011, LogLevel.Warning, "{Scheme}: the revocation feed is interrupted; trying again. {Why}")]
    public static partial void FeedInterrupted(this ILogger log, string scheme, string why);

    [LoggerMessage(2012, LogLevel.Warning, "{Scheme}: taking a snapshot of the revocation log: {Why}")]
    public static partial void FeedResync(this ILogger log, string scheme, string why);

    [LoggerMessage(2013, LogLevel.Error, "{Scheme}: the revocation log keeps entries for tokens that live up to {Logged}, and this service accepts tokens that live up to {Needed}: the view does not count as current. Lower MaxTokenAge or ClockSkew")]
    public static partial void FeedTooShort(this ILogger log, string scheme, TimeSpan logged, TimeSpan needed);

    [LoggerMessage(2014, LogLevel.Error, "{Scheme}: {Count} revocations up to {Seq} are of a kind that this version does not know, and are not obeyed. Update this service")]
    public static partial void UnknownRevocations(this ILogger log, string scheme, int count, long seq);

    [LoggerMessage(2015, LogLevel.Warning, "{Scheme}: acknowledgements are not answered; what is revoked gets older. {Why}")]
    public static partial void FeedUnanswered(this ILogger log, string scheme, string why);

    [LoggerMessage(2016, LogLevel.Information, "{Scheme}: acknowledgements are answered again")]
    public static partial void FeedAnswersAgain(this ILogger log, string scheme);

    [LoggerMessage(2017, LogLevel.Warning, "{Scheme}: the stream brought revocations up to {Seq}, the authority has {Newest}: reading them. Something on the way may buffer the stream")]
    public static partial void FeedBehind(this ILogger log, string scheme, long seq, long newest);

    [LoggerMessage(2018, LogLevel.Debug, "{Scheme}: the authority was not told that this service stops. {Why}")]
    public static partial void FeedNotLeft(this ILogger log, string scheme, string why);

    [LoggerMessage(2019, LogLevel.Warning, "{Scheme}: the revocations that the stream did not bring cannot be read; what is revoked gets older. {Why}")]
    public static partial void FeedNotRead(this ILogger log, string scheme, string why);

    [LoggerMessage(2020, LogLevel.Warning, "{Scheme}: a live question was not answered. {Why}")]
    public static partial void LiveUnanswered(this ILogger log, string scheme, string why);

    [LoggerMessage(2021, LogLevel.Error, "{Scheme}: open connections are closed, because asking about their sessions failed: {Why}")]
    public static partial void OpenConnectionsUnanswered(this ILogger log, string scheme, string why);
}
