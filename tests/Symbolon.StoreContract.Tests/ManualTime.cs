namespace Symbolon.StoreContract;

/// <summary>A clock that stands until it is turned.</summary>
internal sealed class ManualTime : TimeProvider
{
    public static readonly DateTimeOffset T0 = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private DateTimeOffset now = T0;

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by) => now += by;
}
