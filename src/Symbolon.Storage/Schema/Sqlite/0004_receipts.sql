-- Somebody waits for a receipt: how far have the verifiers of each server come with this number of this timeline?
CREATE TABLE receipt_question (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    number   INTEGER NOT NULL,
    timeline TEXT    NOT NULL,
    seq      INTEGER NOT NULL
);

-- What each has answered last, and to which question.
ALTER TABLE servers ADD COLUMN question INTEGER NOT NULL DEFAULT 0;
ALTER TABLE servers ADD COLUMN answer TEXT;
