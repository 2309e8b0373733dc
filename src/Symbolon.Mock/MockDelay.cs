namespace Symbolon.Mock;

/// <summary>A wait of random length, in real time.</summary>
/// <param name="Least">The shortest.</param>
/// <param name="Most">The longest.</param>
public readonly record struct MockDelay(TimeSpan Least, TimeSpan Most)
{
    /// <summary>No wait.</summary>
    public static MockDelay None { get; }

    /// <summary>Always the same wait.</summary>
    public static implicit operator MockDelay(TimeSpan length) => FromTimeSpan(length);

    /// <summary>Always the same wait.</summary>
    public static MockDelay FromTimeSpan(TimeSpan length) => new(length, length);

    /// <summary>The form that commands and calls take, for example <c>50..300ms</c>.</summary>
    public override string ToString() => Least == Most ? $"{Most.TotalMilliseconds:0}ms" : $"{Least.TotalMilliseconds:0}..{Most.TotalMilliseconds:0}ms";

    internal bool IsNone => Most <= TimeSpan.Zero;

    internal TimeSpan Draw(double random) => Least + ((Most - Least) * random);
}
