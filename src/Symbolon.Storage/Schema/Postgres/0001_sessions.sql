-- Instants are Unix milliseconds, codes are those of the HTTP interface, text is compared byte by byte. Every statement names the schema:
-- nothing depends on search_path.

-- The one clock of all servers. Decisions read it with the rows.
CREATE FUNCTION symbolon.now_ms() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

-- The only row of what is one for the whole system: the era, the version of the signing keys, and the longest that any verifier has promised to
-- go on without a word, in milliseconds.
CREATE TABLE symbolon.system (
    id              smallint PRIMARY KEY CHECK (id = 1),
    era             integer  NOT NULL,
    ring_version    integer  NOT NULL,
    longest_promise bigint   NOT NULL
);
INSERT INTO symbolon.system (id, era, ring_version, longest_promise) VALUES (1, 0, 0, 0);

-- One row per session, however often it is refreshed. A refresh changes no indexed column and finds room on its page (fillfactor), so that it
-- writes no index.
CREATE TABLE symbolon.sessions (
    sid          uuid    PRIMARY KEY,
    branch       bigint  NOT NULL,
    confirmed_at bigint  NOT NULL,
    last_seen_at bigint  NOT NULL,
    expires_at   bigint  NOT NULL,
    ends_at      bigint  NOT NULL,
    created_at   bigint  NOT NULL,
    auth_time    bigint  NOT NULL,
    ended_at     bigint,
    generation   integer NOT NULL,
    retries      integer NOT NULL,
    era          integer NOT NULL,
    epoch        integer NOT NULL,
    transport    smallint NOT NULL,
    remember     boolean NOT NULL,
    salt         bytea   NOT NULL,
    stamp        bytea   NOT NULL,
    attempts     bytea   NOT NULL,
    superseded   bytea   NOT NULL,
    subject      text    COLLATE "C" NOT NULL,
    client_id    text    COLLATE "C" NOT NULL,
    device_id    text    COLLATE "C" NOT NULL,
    device_name  text    COLLATE "C",
    device_type  text    COLLATE "C",
    acr          text    COLLATE "C",
    amr          text    COLLATE "C" NOT NULL,
    scope        text    COLLATE "C" NOT NULL,
    ip           text    COLLATE "C",
    user_agent   text    COLLATE "C",
    cnf          text    COLLATE "C",
    end_reason   text    COLLATE "C",
    ended_by     text    COLLATE "C"
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX sessions_of_subject ON symbolon.sessions (subject, ended_at, sid);

-- What the authority keeps of an account, beside whatever holds the account.
CREATE TABLE symbolon.subjects (
    sub            text    COLLATE "C" PRIMARY KEY,
    epoch          integer NOT NULL,
    epoch_reason   text    COLLATE "C",
    claims_version integer NOT NULL,
    disabled_at    bigint,
    deleted_at     bigint
);

-- Failure counters. The key is a digest, never a name or an address.
CREATE TABLE symbolon.attempts (
    key   bytea   PRIMARY KEY,
    count integer NOT NULL,
    since bigint  NOT NULL
);
CREATE INDEX attempts_since ON symbolon.attempts (since);

-- The revocation log. Its numbers are given by the one row of revocation_head: whoever appends holds that row until its commit, so that the order
-- of numbers is the order of commits, without holes. A sequence would give neither.
CREATE TABLE symbolon.revocation_head (
    id        smallint PRIMARY KEY CHECK (id = 1),
    seq       bigint   NOT NULL,
    compacted bigint   NOT NULL,
    timeline  text     COLLATE "C" NOT NULL
) WITH (fillfactor = 10);
INSERT INTO symbolon.revocation_head (id, seq, compacted, timeline) VALUES (1, 0, 0, replace(gen_random_uuid()::text, '-', ''));

CREATE TABLE symbolon.revocations (
    seq    bigint   PRIMARY KEY,
    at     bigint   NOT NULL,
    until  bigint   NOT NULL,
    number integer  NOT NULL,
    kind   smallint NOT NULL,
    key    text     COLLATE "C" NOT NULL,
    reason text     COLLATE "C"
);
CREATE INDEX revoked_tokens ON symbolon.revocations (key) WHERE kind = 2;

-- Appends an entry. To be called last in a transaction: all others that revoke wait for its end.
CREATE FUNCTION symbolon.revoke(kind integer, key text, number integer, at bigint, until bigint, reason text) RETURNS bigint LANGUAGE plpgsql VOLATILE
AS $$
DECLARE place bigint;
BEGIN
    UPDATE symbolon.revocation_head h SET seq = h.seq + 1 WHERE h.id = 1 RETURNING h.seq INTO place;
    INSERT INTO symbolon.revocations (seq, at, until, number, kind, key, reason)
    VALUES (place, revoke.at, revoke.until, revoke.number, revoke.kind, revoke.key, revoke.reason);
    RETURN place;
END $$;

-- The event log, a partition for each day: a day that is old enough is dropped whole. What has no partition of its own stands in events_default.
-- All of a session's events are found by it; a subject's through the index, those of refreshes (2) and retries (3) through its sessions.
CREATE TABLE symbolon.events (
    id      bigint   GENERATED ALWAYS AS IDENTITY,
    at      bigint   NOT NULL,
    session uuid,
    number  bigint,
    kind    smallint NOT NULL,
    subject text     COLLATE "C",
    reason  text     COLLATE "C",
    by      text     COLLATE "C",
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE symbolon.events_default PARTITION OF symbolon.events DEFAULT;
CREATE INDEX events_of_session ON symbolon.events (session, id) WHERE session IS NOT NULL;
CREATE INDEX events_of_subject ON symbolon.events (subject, id) WHERE subject IS NOT NULL AND kind NOT IN (2, 3);

-- The ring of signing keys, in its order, and the fingerprints of the master keys that sealed them.
CREATE TABLE symbolon.keys (
    place        integer PRIMARY KEY,
    kid          text    COLLATE "C" NOT NULL UNIQUE,
    alg          text    COLLATE "C" NOT NULL,
    sealed       bytea   NOT NULL,
    announced_at bigint  NOT NULL,
    signs_from   bigint  NOT NULL,
    removed_at   bigint
);
CREATE TABLE symbolon.fingerprints (
    id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    value text    COLLATE "C" NOT NULL UNIQUE
);

-- The server's own accounts. An application that brings its own users leaves this empty.
CREATE TABLE symbolon.users (
    id                   text    COLLATE "C" PRIMARY KEY,
    user_name            text    COLLATE "C" NOT NULL,
    normalized_user_name text    COLLATE "C" NOT NULL UNIQUE,
    email                text    COLLATE "C",
    normalized_email     text    COLLATE "C",
    email_confirmed      boolean NOT NULL,
    display_name         text    COLLATE "C",
    password_hash        text    COLLATE "C",
    security_stamp       text    COLLATE "C",
    roles                text    COLLATE "C" NOT NULL,
    created_at           bigint  NOT NULL,
    concurrency_stamp    text    COLLATE "C" NOT NULL
);
CREATE INDEX users_by_email ON symbolon.users (normalized_email) WHERE normalized_email IS NOT NULL;

-- The servers that use the store. A number that changes says that one lives; 0, that it has stopped. And what each has answered last, to which question.
CREATE TABLE symbolon.servers (
    name     text   COLLATE "C" PRIMARY KEY,
    beats    bigint NOT NULL,
    question bigint NOT NULL DEFAULT 0,
    answer   text   COLLATE "C"
);

-- Somebody waits for a receipt: how far have the verifiers of each server come with this number of this timeline?
CREATE TABLE symbolon.receipt_question (
    id       smallint PRIMARY KEY CHECK (id = 1),
    number   bigint   NOT NULL,
    timeline text     COLLATE "C" NOT NULL,
    seq      bigint   NOT NULL
);
