using System.Runtime.InteropServices;
using Symbolon.Sessions;

namespace Symbolon.Revocation;

/// <summary>What is kept of an entry besides its key.</summary>
/// <param name="Number">The epoch, claims version or era; 0 for the others.</param>
/// <param name="UntilMinute">When it may go, in whole minutes since 1970, rounded up: so a large list is swept once a minute at most.</param>
/// <param name="Reason">Why; 0 when that is not known.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DenylistValue(int Number, uint UntilMinute, EndReason Reason)
{
    public static DenylistValue Of(RevocationEntry entry) =>
        new(entry.Number, MinuteAfter(entry.Until), entry.Reason is { } code && EndReasons.TryParse(code, out var reason) ? reason : default);

    /// <summary>Of two values for one key the higher number counts, the newer of equal ones, and the later end.</summary>
    public DenylistValue With(DenylistValue newer) =>
        (newer.Number >= Number ? newer : this) with { UntilMinute = Math.Max(UntilMinute, newer.UntilMinute) };

    /// <summary>The minutes that have begun and ended by an instant.</summary>
    public static uint Minute(DateTimeOffset instant) => (uint)Math.Max(0, (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMinute);

    private static uint MinuteAfter(DateTimeOffset instant) => // the year 9999 fits
        (uint)Math.Max(0, (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute);
}

/// <summary>An entry in 32 bytes without references, so that a million of them cost the garbage collector nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct DenylistSlot(RevocationKind kind, RevocationKey key, DenylistValue value)
{
    private readonly ulong _high = key.High, _low = key.Low;
    private readonly int _number = value.Number;
    private readonly uint _untilMinute = value.UntilMinute;
    private readonly byte _kind = (byte)kind, _shape = key.Shape, _reason = (byte)value.Reason;

    public bool IsEmpty => _kind == 0;

    public uint UntilMinute => _untilMinute;

    public ulong Hash => RevocationKey.Hash(_high, _low, _shape);

    public DenylistValue Value => new(_number, _untilMinute, (EndReason)_reason);

    public bool IsFor(RevocationKind kind, in RevocationKey key) => _low == key.Low && _high == key.High && _shape == key.Shape && _kind == (byte)kind;

    public bool IsForSameAs(in DenylistSlot other) => _low == other._low && _high == other._high && _shape == other._shape && _kind == other._kind;
}
