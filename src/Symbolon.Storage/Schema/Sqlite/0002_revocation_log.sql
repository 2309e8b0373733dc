-- The revocation log's timeline: numbers of different timelines say nothing about each other. And the newest number that was compacted away.
ALTER TABLE system ADD COLUMN timeline TEXT NOT NULL DEFAULT '';
ALTER TABLE system ADD COLUMN compacted INTEGER NOT NULL DEFAULT 0;
UPDATE system SET timeline = lower(hex(randomblob(16))), compacted = coalesce((SELECT min(seq) - 1 FROM revocations), (SELECT seq FROM sqlite_sequence WHERE name = 'revocations'), 0);

-- Live checks ask for single access tokens that were revoked (kind 2).
CREATE INDEX revoked_tokens ON revocations (key) WHERE kind = 2;
