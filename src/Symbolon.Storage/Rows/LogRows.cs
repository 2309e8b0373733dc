using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>How revocation entries and events stand in rows, on both engines.</summary>
internal static class LogRows
{
    public const string EventColumns = "id, kind, at, session, subject, number, reason, by";

    public const string EntryColumns = "seq, kind, key, number, at, until, reason";

    /// <summary>Reads <see cref="EventColumns"/> after the id.</summary>
    public static SessionEvent ReadEvent(StoreRow row) => new(
        (EventKind)row.Int32(),
        row.Instant(),
        row.SidOrNull(),
        row.TextOrNull() is { } subject ? new SubjectId(subject) : null,
        row.Int64OrNull(),
        row.TextOrNull(),
        row.TextOrNull());

    /// <summary>Reads <see cref="EntryColumns"/> after the number.</summary>
    public static RevocationEntry ReadEntry(StoreRow row) => new(
        (RevocationKind)row.Int32(), row.Text(), row.Int32(), row.Instant(), row.Instant(), row.TextOrNull());
}
