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
CREATE INDEX "assignment_annotator" ON "assignment" ("annotator", "round", "document");
CREATE INDEX "status_layer" ON "status" ("layer", "status", "document");
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

-- What a merge did, so that one undo takes all of it back: the steps that came in, and how rows that were there before
-- were. Only the copy that merged can take its merge back, so this is in no journal.
CREATE TABLE "merged_step" (
    "step" TEXT PRIMARY KEY REFERENCES "step" ("id") DEFERRABLE INITIALLY DEFERRED,
    "merge" TEXT NOT NULL REFERENCES "step" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "merged_step_merge" ON "merged_step" ("merge");
CREATE TABLE "merged_row" (
    "merge" TEXT NOT NULL REFERENCES "step" ("id") DEFERRABLE INITIALLY DEFERRED,
    "row" TEXT NOT NULL, "table" TEXT NOT NULL, "before" TEXT,
    PRIMARY KEY ("merge", "row")
);

-- Rows with several heads, and rows whose parent somebody else deleted. They follow from the journal.
CREATE TABLE "unsettled" (
    "row" TEXT PRIMARY KEY, "table" TEXT NOT NULL, "contested" INTEGER NOT NULL, "waits_for" TEXT
);
CREATE INDEX "unsettled_waits" ON "unsettled" ("waits_for");

CREATE INDEX "attribute_value_value" ON "attribute_value" ("attribute", "value");

-- The table of all annotations: as they were made, and by the date of their document.
CREATE INDEX "annotation_created" ON "annotation" ("created", "id");
CREATE INDEX "document_date" ON "document" ("date", "created", "id");
