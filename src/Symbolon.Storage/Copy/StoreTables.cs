namespace Symbolon.Storage.Copy;

/// <summary>What a store consists of. A test compares it with both schemas: a column that only one of the three has makes it fail.</summary>
internal static class StoreTables
{
    /// <summary>What is one for the whole store, in one row: the numbers below which the logs never go again are here too, since a log may be empty. Each engine keeps them in its own way.</summary>
    public static readonly StoreTable System = new("system", "era", """
        era integer, ring_version integer, longest_promise bigint, compacted bigint, last_revocation bigint, last_event bigint
        """);

    public static readonly StoreTable Events = new("events", "id", """
        id bigint, kind smallint, at bigint, session uuid?, subject text?, number bigint?, reason text?, by text?
        """);

    /// <summary>In the order in which they are copied: <see cref="System"/> last, since inserting moves the numbers it holds.</summary>
    public static readonly IReadOnlyList<StoreTable> All =
    [
        new("sessions", "sid", """
            sid uuid, subject text, client_id text, device_id text, device_name text?, device_type text?, created_at bigint, auth_time bigint, acr text?,
            amr text, scope text, ip text?, user_agent text?, transport smallint, remember boolean, generation integer, branch bigint, salt bytea,
            confirmed_at bigint, attempts bytea, superseded bytea, retries integer, last_seen_at bigint, expires_at bigint, ends_at bigint, era integer,
            epoch integer, stamp bytea, cnf text?, ended_at bigint?, end_reason text?, ended_by text?
            """),
        new("subjects", "sub", "sub text, epoch integer, epoch_reason text?, claims_version integer, disabled_at bigint?, deleted_at bigint?"),
        new("attempts", "key", "key bytea, count integer, since bigint"),
        new("revocations", "seq", "seq bigint, kind smallint, key text, number integer, at bigint, until bigint, reason text?"),
        Events,
        new("keys", "place", "place integer, kid text, alg text, sealed bytea, announced_at bigint, signs_from bigint, removed_at bigint?"),
        new("fingerprints", "id", "id integer, value text"),
        new("users", "id", """
            id text, user_name text, normalized_user_name text, email text?, normalized_email text?, email_confirmed boolean, display_name text?,
            password_hash text?, security_stamp text?, roles text, created_at bigint, concurrency_stamp text
            """),
        System,
    ];

    /// <summary>What says who uses a store now: never copied, emptied in the target.</summary>
    public static readonly IReadOnlyList<string> OfServers = ["servers", "receipt_question"];

    /// <summary>The tables that stand under the same name on both engines.</summary>
    public static IEnumerable<StoreTable> Plain => All.Where(table => table != System);
}
