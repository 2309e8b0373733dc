using System.ComponentModel;
using System.Globalization;
using Symbolon.Refresh;

namespace Symbolon.Authority;

/// <summary>How long the confirmed refresh token may come again: a length of time, or <c>UntilUsed</c>.</summary>
/// <param name="Value">The length; <see cref="RefreshPolicy.UntilUsed"/> for the word.</param>
[TypeConverter(typeof(Converter))]
public readonly record struct Overlap(TimeSpan Value)
{
    private const string Word = "UntilUsed";

    /// <summary>A length of time is an overlap.</summary>
    public static implicit operator Overlap(TimeSpan value) => new(value);

    /// <summary>A length of time is an overlap.</summary>
    public static Overlap FromTimeSpan(TimeSpan value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value == RefreshPolicy.UntilUsed ? Word : Value.ToString("c", CultureInfo.InvariantCulture);

    private sealed class Converter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            string.Equals(value as string, Word, StringComparison.OrdinalIgnoreCase)
                ? new Overlap(RefreshPolicy.UntilUsed)
                : new Overlap(TimeSpan.Parse((string)value, CultureInfo.InvariantCulture));
    }
}
