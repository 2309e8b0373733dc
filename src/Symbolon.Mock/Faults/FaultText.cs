using System.Globalization;
using Symbolon.Mock.Control;

namespace Symbolon.Mock.Faults;

/// <summary>Faults as commands take them: <c>status=503 path=/auth/refresh times=2</c>, <c>lost-response path=/auth/refresh times=1</c>.</summary>
internal static class FaultText
{
    /// <summary>What is expected, for messages.</summary>
    public const string Form = "a kind and its members, such as \"status=503 path=/auth/refresh times=2\" or \"lost-response path=/auth/refresh times=1\"";

    /// <summary>Reads one.</summary>
    /// <exception cref="MockOptionsException">Says what was expected.</exception>
    public static MockFault Parse(string text)
    {
        MockFaultKind? kind = null;
        var fault = new MockFault { Kind = MockFaultKind.Status };
        foreach (var word in text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at < 0 ? ("kind", word) : (word[..at], word[(at + 1)..]);
            if (name == "kind") kind = FaultNames.Parse(value) ?? throw Wrong(text, $"kind must be one of {string.Join(", ", FaultNames.All)}.");
            else fault = With(fault, name, value, text);
            kind ??= name == "status" ? MockFaultKind.Status : null;
        }

        fault = fault with { Kind = kind ?? (fault.Delay.IsNone ? throw Wrong(text, $"expected {Form}.") : MockFaultKind.Delay) };
        return FaultRules.Complaint(fault) is { } why ? throw Wrong(text, why) : fault;
    }

    private static MockFault With(MockFault fault, string name, string value, string text) => name switch
    {
        "method" => fault with { Method = value },
        "path" => fault with { Path = value },
        "code" => fault with { Code = value },
        "status" => fault with { Status = Whole(value, name, text) },
        "times" => fault with { Times = Whole(value, name, text) },
        "skip" => fault with { Skip = Whole(value, name, text) },
        "retry_after" => fault with { RetryAfter = Lengths.TryParse(value, out var length) ? length : throw Wrong(text, $"retry_after must be {Lengths.Form}.") },
        "delay" => fault with { Delay = Lengths.TryParseDelay(value, out var delay) ? delay : throw Wrong(text, $"delay must be {Lengths.DelayForm}.") },
        "probability" => fault with
        {
            Probability = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) ? share : throw Wrong(text, "probability must lie between 0 and 1."),
        },
        _ => throw Wrong(text, $"'{name}' is not known; it takes kind, method, path, status, code, retry_after, delay, times, skip, probability."),
    };

    private static int Whole(string value, string name, string text) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(text, $"{name} must be a whole number.");

    private static MockOptionsException Wrong(string text, string why) => new($"--fault \"{text}\": {why}");
}
