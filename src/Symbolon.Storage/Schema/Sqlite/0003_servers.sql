-- The servers that use this file: whoever counts verifiers must know that all of them speak to it. A number that changes says that one lives; 0, that it has stopped.
CREATE TABLE servers (
    name  TEXT PRIMARY KEY,
    beats INTEGER NOT NULL
) WITHOUT ROWID;

-- The longest that any verifier has promised to go on without a word, in milliseconds.
ALTER TABLE system ADD COLUMN longest_promise INTEGER NOT NULL DEFAULT 0;
