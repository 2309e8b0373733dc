using System.Globalization;
using Symbolon.Mock.Control;
using Symbolon.Mock.Faults;

namespace Symbolon.Mock;

/// <summary>Options as a command line brings them: text, where what cannot be read is answered with what was expected.</summary>
internal static class MockText
{
    /// <exception cref="MockOptionsException">It is no length.</exception>
    public static TimeSpan? Length(string option, string? text) =>
        text is null ? null : Lengths.TryParse(text, out var length) ? length : throw new MockOptionsException($"{option} {text}: expected {Lengths.Form}.");

    /// <exception cref="MockOptionsException">It is no wait.</exception>
    public static MockDelay? Delay(string option, string? text) =>
        text is null ? null : Lengths.TryParseDelay(text, out var delay) ? delay : throw new MockOptionsException($"{option} {text}: expected {Lengths.DelayForm}.");

    /// <exception cref="MockOptionsException">It is no whole number.</exception>
    public static int? Number(string option, string? text) =>
        text is null ? null : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new MockOptionsException($"{option} {text}: expected a whole number.");

    /// <exception cref="MockOptionsException">It is no fault.</exception>
    public static MockFault Fault(string text) => FaultText.Parse(text);
}
