-- Full-text search. What is here can be made anew from texts and notes and is in no journal.
-- FTS5 does not fold every script, so the words come folded (see core.folding), without the texts themselves.

CREATE TABLE "searched_text" (
    "id" INTEGER PRIMARY KEY,
    "text" TEXT NOT NULL UNIQUE REFERENCES "blob" ("sha256") DEFERRABLE INITIALLY DEFERRED,
    "has_parts" INTEGER NOT NULL
);
CREATE INDEX "searched_text_parts" ON "searched_text" ("has_parts");
CREATE TABLE "searched_note" ("id" INTEGER PRIMARY KEY, "note" TEXT NOT NULL UNIQUE);

-- What this copy of the project does beside its journal, such as keeping an index for parts of words.
CREATE TABLE "local_setting" ("name" TEXT PRIMARY KEY, "value" TEXT NOT NULL);

{SQLITE} CREATE VIRTUAL TABLE "text_index" USING fts5(
    "body", content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
);
{SQLITE} CREATE VIRTUAL TABLE "part_index" USING fts5(
    "body", content = '', detail = none, tokenize = "trigram case_sensitive 1"
);
{SQLITE} CREATE VIRTUAL TABLE "note_index" USING fts5(
    "body", tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
);
