using Npgsql;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>What a change that revokes or is logged says, as parameters of its statement.</summary>
internal static class PostgresLogRows
{
    /// <summary>Inserts the events of <see cref="AddEvents"/>, whose seven parameters begin at <c>$1</c>.</summary>
    public const string InsertEvents = "INSERT INTO symbolon.events (kind, at, session, subject, number, reason, by) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)";

    extension(NpgsqlCommand command)
    {
        /// <summary>Seven arrays: kind, at, session, subject, number, reason, by.</summary>
        public NpgsqlCommand AddEvents(params IReadOnlyList<SessionEvent> events)
        {
            T[] Column<T>(Func<SessionEvent, T> of) => [.. events.Select(of)];
            return command.Add(Column(what => (int)what.Kind)).Add(Column(what => what.At.ToUnixTimeMilliseconds())).Add(Column(what => what.Session?.Value))
                .Add(events.Select(what => what.Subject?.Value)).Add(Column(what => what.Number)).Add(events.Select(what => what.Reason)).Add(events.Select(what => what.By));
        }

        /// <summary>Six parameters: kind (null where there is no entry), key, number, at, until, reason.</summary>
        public NpgsqlCommand AddEntry(RevocationEntry? entry) => command
            .Add((long?)entry?.Kind).Add(entry?.Key).Add((long?)entry?.Number).Add(entry?.At).Add(entry?.Until).Add(entry?.Reason);
    }
}
