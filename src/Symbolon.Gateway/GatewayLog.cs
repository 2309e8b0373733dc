namespace Symbolon.Gateway;

/// <summary>All log messages. Never a token, a cookie, a path or a whole header.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Information, "{Count} rules from {Path} are in force.")]
    public static partial void RulesLoaded(this ILogger log, int count, string path);

    [LoggerMessage(2, LogLevel.Information, "There is no {Path}: every path needs a valid token.")]
    public static partial void NoRules(this ILogger log, string path);

    [LoggerMessage(3, LogLevel.Error, "The new rules are refused, and those of before stay in force: {Problem}")]
    public static partial void RulesRefused(this ILogger log, string problem);
}
