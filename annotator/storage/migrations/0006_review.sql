-- People and their work, decisions, the project's diary and releases; what merging leaves behind.

ALTER TABLE "annotator" ADD COLUMN "role" TEXT NOT NULL DEFAULT 'lead' CHECK ("role" IN ('lead', 'analyst'));
ALTER TABLE "annotator" ADD COLUMN "color" TEXT NOT NULL DEFAULT '';
ALTER TABLE "round" ADD COLUMN "practice" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "round" ADD COLUMN "released" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "project" ADD COLUMN "purpose" TEXT NOT NULL DEFAULT '';
ALTER TABLE "project" ADD COLUMN "options" TEXT NOT NULL DEFAULT '{}';

CREATE TABLE "assignment" (
    "id" TEXT PRIMARY KEY,
    "round" TEXT NOT NULL REFERENCES "round" ("id") DEFERRABLE INITIALLY DEFERRED,
    "document" TEXT NOT NULL REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED,
    "annotator" TEXT NOT NULL REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "revision" TEXT NOT NULL,
    UNIQUE ("document", "annotator", "round")
);
CREATE INDEX "assignment_annotator" ON "assignment" ("annotator", "round");
CREATE INDEX "assignment_round" ON "assignment" ("round");

CREATE TABLE "decision" (
    "id" TEXT PRIMARY KEY,
    "document" TEXT NOT NULL REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED,
    "layer" TEXT NOT NULL REFERENCES "layer" ("id") DEFERRABLE INITIALLY DEFERRED,
    "kind" TEXT NOT NULL, "choice" TEXT NOT NULL,
    "annotator" TEXT NOT NULL REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "created" TEXT NOT NULL, "basis" TEXT NOT NULL, "result" TEXT NOT NULL, "reason" TEXT NOT NULL,
    "precedent" TEXT REFERENCES "label" ("id") DEFERRABLE INITIALLY DEFERRED,
    "revision" TEXT NOT NULL
);
CREATE INDEX "decision_document" ON "decision" ("document", "layer");
CREATE INDEX "decision_precedent" ON "decision" ("precedent");

CREATE TABLE "diary_entry" (
    "id" TEXT PRIMARY KEY,
    "annotator" TEXT NOT NULL REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "created" TEXT NOT NULL, "body" TEXT NOT NULL CHECK ("body" <> ''), "revision" TEXT NOT NULL
);

CREATE TABLE "release" (
    "id" TEXT PRIMARY KEY,
    "annotator" TEXT NOT NULL REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "created" TEXT NOT NULL, "file" TEXT NOT NULL, "format" TEXT NOT NULL, "sha256" TEXT NOT NULL,
    "codebook" TEXT NOT NULL REFERENCES "codebook" ("id") DEFERRABLE INITIALLY DEFERRED,
    "details" TEXT NOT NULL, "revision" TEXT NOT NULL
);

-- The steps that came in with a merge, so that one undo takes all of them back. They follow from no other table,
-- and only the copy that merged can take its merge back, so they are in no journal.
CREATE TABLE "merged_step" (
    "step" TEXT PRIMARY KEY REFERENCES "step" ("id") DEFERRABLE INITIALLY DEFERRED,
    "merge" TEXT NOT NULL REFERENCES "step" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "merged_step_merge" ON "merged_step" ("merge");

-- Rows that two copies changed without knowing of each other. They follow from the journal.
CREATE TABLE "conflict" ("row" TEXT PRIMARY KEY, "table" TEXT NOT NULL);

CREATE INDEX "attribute_value_value" ON "attribute_value" ("attribute", "value");
