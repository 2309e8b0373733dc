using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Appends to the revocation log and the event log, inside the transaction of the change that they tell of.</summary>
internal static class SqliteLogRows
{
    private static readonly Sql InsertEntry = new("INSERT INTO revocations (kind, key, number, at, until, reason) VALUES (?, ?, ?, ?, ?, ?) RETURNING seq");
    private static readonly Sql InsertEvent = new("INSERT INTO events (kind, at, session, subject, number, reason, by) VALUES (?, ?, ?, ?, ?, ?, ?)");

    public static void Append(StoreConnection db, RevocationEntry? entry)
    {
        if (entry is null) return;
        using var row = db.Use(InsertEntry).Add((long)entry.Kind).Add(entry.Key).Add(entry.Number).Add(entry.At).Add(entry.Until).Add(entry.Reason);
        row.Step();
        db.AppendedRevocation = row.Int64();
    }

    public static void Append(StoreConnection db, SessionEvent what) => db.Use(InsertEvent)
        .Add((long)what.Kind).Add(what.At).Add(what.Session).Add(what.Subject?.Value).Add(what.Number).Add(what.Reason).Add(what.By)
        .Run();
}
