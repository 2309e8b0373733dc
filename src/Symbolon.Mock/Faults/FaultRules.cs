namespace Symbolon.Mock.Faults;

/// <summary>Which requests a fault is for, and which faults make sense.</summary>
internal static class FaultRules
{
    private const int LongestText = 256;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    /// <summary>Whether a request is this fault's.</summary>
    public static bool Concerns(MockFault fault, string method, string path, bool isPreflight) =>
        (isPreflight && fault.Kind == MockFaultKind.WrongCors // a preflight stands for the request that follows it
            || (fault.Method is { } named ? string.Equals(named, method, StringComparison.OrdinalIgnoreCase) : !isPreflight))
        && (fault.Path is not { } glob || Matches(glob, path));

    /// <summary>Whether a fault cuts the connection.</summary>
    public static bool Cuts(MockFault fault) => fault.Kind is MockFaultKind.Reset or MockFaultKind.LostResponse or MockFaultKind.Truncate;

    /// <summary>Whether a path is one of a glob's; <c>*</c> stands for any text, also none.</summary>
    public static bool Matches(ReadOnlySpan<char> glob, ReadOnlySpan<char> path)
    {
        int g = 0, p = 0, star = -1, from = 0;
        while (p < path.Length)
        {
            if (g < glob.Length && glob[g] == '*') (star, from, g) = (g, p, g + 1);
            else if (g < glob.Length && char.ToLowerInvariant(glob[g]) == char.ToLowerInvariant(path[p])) (g, p) = (g + 1, p + 1);
            else if (star >= 0) (g, p, from) = (star + 1, from + 1, from + 1);
            else return false;
        }

        return glob[g..].TrimStart('*').IsEmpty;
    }

    /// <summary>What is wrong with a fault; null when nothing is.</summary>
    public static string? Complaint(MockFault fault) =>
        !Enum.IsDefined(fault.Kind) ? $"kind must be one of {string.Join(", ", FaultNames.All)}."
        : fault.Path is { } path && (path.Length is 0 or > LongestText || path[0] is not ('/' or '*')) ? "path must begin with a slash, for example /auth/refresh or /api/*, and have at most 256 characters."
        : fault.Method is { } method && (method.Length is 0 or > 32 || !method.All(char.IsAsciiLetter)) ? "method must be a method such as POST."
        : fault.Status is < 400 or > 599 ? "status must be a number from 400 to 599."
        : fault.Code is { } code && (code.Length is 0 or > 64 || !code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')) ? "code must be a problem code such as unavailable: lower-case letters, digits and _."
        : fault.RetryAfter is { } wait && wait < TimeSpan.Zero ? "retry_after must not be negative."
        : fault.Delay.Least < TimeSpan.Zero || fault.Delay.Least > fault.Delay.Most || fault.Delay.Most > LongestDelay ? "delay must be 0 to 10 minutes, the shorter length first."
        : fault is { Kind: MockFaultKind.Delay, Delay.IsNone: true } ? "a fault of the kind delay needs a delay, for example 300ms."
        : fault.Times is < 1 ? "times must be at least 1."
        : fault.Skip < 0 ? "skip must not be negative."
        : fault.Probability is not (>= 0 and <= 1) ? "probability must lie between 0 and 1."
        : null;
}
