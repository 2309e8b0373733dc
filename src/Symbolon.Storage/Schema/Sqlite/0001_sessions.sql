-- Instants are Unix milliseconds, ids of sessions are their 16 bytes (which sort as time), codes are those of the HTTP interface.

-- The only row of what is one for the whole system: the era, and the version of the signing keys.
CREATE TABLE system (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    era          INTEGER NOT NULL,
    ring_version INTEGER NOT NULL
);
INSERT INTO system (id, era, ring_version) VALUES (1, 0, 0);

-- One row per session, however often it is refreshed. A rowid table: rows are too large for the inner pages of a WITHOUT ROWID tree.
CREATE TABLE sessions (
    sid          BLOB    NOT NULL UNIQUE,
    subject      TEXT    NOT NULL,
    client_id    TEXT    NOT NULL,
    device_id    TEXT    NOT NULL,
    device_name  TEXT,
    device_type  TEXT,
    created_at   INTEGER NOT NULL,
    auth_time    INTEGER NOT NULL,
    acr          TEXT,
    amr          TEXT    NOT NULL,
    scope        TEXT    NOT NULL,
    ip           TEXT,
    user_agent   TEXT,
    transport    INTEGER NOT NULL,
    remember     INTEGER NOT NULL,
    generation   INTEGER NOT NULL,
    branch       INTEGER NOT NULL,
    salt         BLOB    NOT NULL,
    confirmed_at INTEGER NOT NULL,
    attempts     BLOB    NOT NULL,
    superseded   BLOB    NOT NULL,
    retries      INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    era          INTEGER NOT NULL,
    epoch        INTEGER NOT NULL,
    stamp        BLOB    NOT NULL,
    cnf          TEXT,
    ended_at     INTEGER,
    end_reason   TEXT,
    ended_by     TEXT
);
-- No index holds a column that a refresh changes: a refresh rewrites one page.
CREATE INDEX sessions_of_subject ON sessions (subject, ended_at, sid);

-- What the authority keeps of an account, beside whatever holds the account.
CREATE TABLE subjects (
    sub            TEXT PRIMARY KEY,
    epoch          INTEGER NOT NULL,
    epoch_reason   TEXT,
    claims_version INTEGER NOT NULL,
    disabled_at    INTEGER,
    deleted_at     INTEGER
) WITHOUT ROWID;

-- Failure counters. The key is a digest, never a name or an address.
CREATE TABLE attempts (
    key   BLOB PRIMARY KEY,
    count INTEGER NOT NULL,
    since INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX attempts_since ON attempts (since);

-- The revocation log. AUTOINCREMENT: a number never comes again, also when all entries were dropped.
CREATE TABLE revocations (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    kind   INTEGER NOT NULL,
    key    TEXT    NOT NULL,
    number INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    reason TEXT
);

-- The event log. Each refresh (2) and retry (3) appends a row, so these stand in no index: an index would make a refresh write a second
-- page at a random place. They are found by the numbers between which their session lived.
CREATE TABLE events (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    session BLOB,
    subject TEXT,
    number  INTEGER,
    reason  TEXT,
    by      TEXT
);
CREATE INDEX events_of_session ON events (session) WHERE session IS NOT NULL AND kind NOT IN (2, 3);
CREATE INDEX events_of_subject ON events (subject) WHERE subject IS NOT NULL AND kind NOT IN (2, 3);

-- The ring of signing keys, in its order, and the fingerprints of the master keys that sealed them.
CREATE TABLE keys (
    place        INTEGER PRIMARY KEY,
    kid          TEXT    NOT NULL UNIQUE,
    alg          TEXT    NOT NULL,
    sealed       BLOB    NOT NULL,
    announced_at INTEGER NOT NULL,
    signs_from   INTEGER NOT NULL,
    removed_at   INTEGER
);
CREATE TABLE fingerprints (
    id    INTEGER PRIMARY KEY,
    value TEXT NOT NULL UNIQUE
);

-- The server's own accounts. An application that brings its own users leaves this empty.
CREATE TABLE users (
    id                   TEXT PRIMARY KEY,
    user_name            TEXT    NOT NULL,
    normalized_user_name TEXT    NOT NULL UNIQUE,
    email                TEXT,
    normalized_email     TEXT,
    email_confirmed      INTEGER NOT NULL,
    display_name         TEXT,
    password_hash        TEXT,
    security_stamp       TEXT,
    roles                TEXT    NOT NULL,
    created_at           INTEGER NOT NULL,
    concurrency_stamp    TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX users_by_email ON users (normalized_email) WHERE normalized_email IS NOT NULL;
