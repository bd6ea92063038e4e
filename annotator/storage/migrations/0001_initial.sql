-- Version 1. Statements end with a semicolon at the end of a line. {BLOB} is the database's type for bytes.
-- Texts and bytes live in blob; every journalled table carries the revision that its row stands at.

CREATE TABLE "blob" ("sha256" TEXT PRIMARY KEY, "size" INTEGER NOT NULL CHECK ("size" >= 0), "data" {BLOB} NOT NULL);

CREATE TABLE "replica" ("id" TEXT PRIMARY KEY, "created" TEXT NOT NULL, "place" TEXT NOT NULL);

CREATE TABLE "codebook" (
    "id" TEXT PRIMARY KEY, "codebook" TEXT NOT NULL, "version" INTEGER NOT NULL CHECK ("version" >= 1),
    "name" TEXT NOT NULL, "created" TEXT NOT NULL, "content" TEXT NOT NULL, "revision" TEXT NOT NULL
);

CREATE TABLE "round" (
    "id" TEXT PRIMARY KEY, "name" TEXT NOT NULL, "position" INTEGER NOT NULL, "revision" TEXT NOT NULL
);

CREATE TABLE "project" (
    "id" TEXT PRIMARY KEY, "title" TEXT NOT NULL, "created" TEXT NOT NULL,
    "codebook" TEXT NOT NULL REFERENCES "codebook" ("id") DEFERRABLE INITIALLY DEFERRED,
    "round" TEXT NOT NULL REFERENCES "round" ("id") DEFERRABLE INITIALLY DEFERRED,
    "revision" TEXT NOT NULL
);

CREATE TABLE "annotator" (
    "id" TEXT PRIMARY KEY, "name" TEXT NOT NULL CHECK ("name" <> ''),
    "same_as" TEXT REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED, "revision" TEXT NOT NULL
);

CREATE TABLE "label" (
    "id" TEXT PRIMARY KEY, "key" TEXT NOT NULL, "name" TEXT NOT NULL,
    "digit" INTEGER CHECK ("digit" BETWEEN 1 AND 9),
    "light" TEXT NOT NULL, "dark" TEXT NOT NULL, "pattern" TEXT NOT NULL, "initial" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "parent" TEXT REFERENCES "label" ("id") DEFERRABLE INITIALLY DEFERRED,
    "retired" INTEGER NOT NULL, "definition" TEXT NOT NULL, "includes" TEXT NOT NULL, "excludes" TEXT NOT NULL,
    "boundary" TEXT NOT NULL, "examples" TEXT NOT NULL, "revision" TEXT NOT NULL
);

CREATE TABLE "attribute_definition" (
    "id" TEXT PRIMARY KEY, "key" TEXT NOT NULL, "name" TEXT NOT NULL, "type" TEXT NOT NULL,
    "position" INTEGER NOT NULL, "choices" TEXT NOT NULL, "labels" TEXT NOT NULL, "required" INTEGER NOT NULL,
    "default" TEXT NOT NULL, "description" TEXT NOT NULL, "retired" INTEGER NOT NULL, "revision" TEXT NOT NULL
);

CREATE TABLE "relation_type" (
    "id" TEXT PRIMARY KEY, "key" TEXT NOT NULL, "name" TEXT NOT NULL, "position" INTEGER NOT NULL,
    "sources" TEXT NOT NULL, "targets" TEXT NOT NULL, "description" TEXT NOT NULL, "retired" INTEGER NOT NULL,
    "revision" TEXT NOT NULL
);

CREATE TABLE "entity" ("id" TEXT PRIMARY KEY, "name" TEXT NOT NULL CHECK ("name" <> ''), "revision" TEXT NOT NULL);

CREATE TABLE "alias" (
    "id" TEXT PRIMARY KEY,
    "entity" TEXT NOT NULL REFERENCES "entity" ("id") DEFERRABLE INITIALLY DEFERRED,
    "name" TEXT NOT NULL CHECK ("name" <> ''), "revision" TEXT NOT NULL
);
CREATE INDEX "alias_entity" ON "alias" ("entity");

CREATE TABLE "document" (
    "id" TEXT PRIMARY KEY, "title" TEXT NOT NULL,
    "text" TEXT NOT NULL REFERENCES "blob" ("sha256") DEFERRABLE INITIALLY DEFERRED,
    "characters" INTEGER NOT NULL CHECK ("characters" > 0),
    "source" TEXT NOT NULL REFERENCES "blob" ("sha256") DEFERRABLE INITIALLY DEFERRED,
    "structure" TEXT NOT NULL REFERENCES "blob" ("sha256") DEFERRABLE INITIALLY DEFERRED,
    "file" TEXT NOT NULL, "format" TEXT NOT NULL, "language" TEXT NOT NULL, "date" TEXT NOT NULL,
    "url" TEXT NOT NULL, "created" TEXT NOT NULL, "metadata" TEXT NOT NULL,
    "supersedes" TEXT REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED, "revision" TEXT NOT NULL
);
CREATE INDEX "document_text" ON "document" ("text");
CREATE INDEX "document_source" ON "document" ("source");
CREATE INDEX "document_order" ON "document" ("created", "id");

CREATE TABLE "layer" (
    "id" TEXT PRIMARY KEY, "kind" TEXT NOT NULL CHECK ("kind" IN ('annotator', 'gold')),
    "annotator" TEXT REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "round" TEXT NOT NULL REFERENCES "round" ("id") DEFERRABLE INITIALLY DEFERRED, "revision" TEXT NOT NULL,
    CHECK (("kind" = 'gold') = ("annotator" IS NULL))
);

CREATE TABLE "annotation" (
    "id" TEXT PRIMARY KEY,
    "document" TEXT NOT NULL REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED,
    "layer" TEXT NOT NULL REFERENCES "layer" ("id") DEFERRABLE INITIALLY DEFERRED,
    "label" TEXT NOT NULL REFERENCES "label" ("id") DEFERRABLE INITIALLY DEFERRED,
    "annotator" TEXT NOT NULL REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "codebook" TEXT NOT NULL REFERENCES "codebook" ("id") DEFERRABLE INITIALLY DEFERRED,
    "created" TEXT NOT NULL, "origin" TEXT NOT NULL CHECK ("origin" IN ('manual', 'imported', 'suggested')),
    "score" DOUBLE PRECISION, "decided_from" TEXT NOT NULL, "revision" TEXT NOT NULL
);
CREATE INDEX "annotation_document" ON "annotation" ("document", "layer", "label");
CREATE INDEX "annotation_layer" ON "annotation" ("layer", "label");

CREATE TABLE "fragment" (
    "annotation" TEXT NOT NULL REFERENCES "annotation" ("id") DEFERRABLE INITIALLY DEFERRED,
    "position" INTEGER NOT NULL CHECK ("position" >= 0),
    "start" INTEGER NOT NULL CHECK ("start" >= 0), "end" INTEGER NOT NULL, CHECK ("start" < "end"),
    PRIMARY KEY ("annotation", "position")
);

CREATE TABLE "attribute_value" (
    "id" TEXT PRIMARY KEY,
    "annotation" TEXT NOT NULL REFERENCES "annotation" ("id") DEFERRABLE INITIALLY DEFERRED,
    "layer" TEXT NOT NULL REFERENCES "layer" ("id") DEFERRABLE INITIALLY DEFERRED,
    "attribute" TEXT NOT NULL REFERENCES "attribute_definition" ("id") DEFERRABLE INITIALLY DEFERRED,
    "value" TEXT NOT NULL, "revision" TEXT NOT NULL
);
CREATE UNIQUE INDEX "attribute_value_annotation" ON "attribute_value" ("annotation", "attribute");

CREATE TABLE "relation" (
    "id" TEXT PRIMARY KEY,
    "document" TEXT NOT NULL REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED,
    "layer" TEXT NOT NULL REFERENCES "layer" ("id") DEFERRABLE INITIALLY DEFERRED,
    "type" TEXT NOT NULL REFERENCES "relation_type" ("id") DEFERRABLE INITIALLY DEFERRED,
    "source" TEXT NOT NULL REFERENCES "annotation" ("id") DEFERRABLE INITIALLY DEFERRED,
    "target" TEXT NOT NULL REFERENCES "annotation" ("id") DEFERRABLE INITIALLY DEFERRED,
    "annotator" TEXT NOT NULL REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "created" TEXT NOT NULL, "revision" TEXT NOT NULL, CHECK ("source" <> "target")
);
CREATE INDEX "relation_document" ON "relation" ("document", "layer");
CREATE INDEX "relation_source" ON "relation" ("source");
CREATE INDEX "relation_target" ON "relation" ("target");

CREATE TABLE "note" (
    "id" TEXT PRIMARY KEY, "kind" TEXT NOT NULL, "target" TEXT NOT NULL,
    "document" TEXT REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED,
    "layer" TEXT REFERENCES "layer" ("id") DEFERRABLE INITIALLY DEFERRED,
    "annotator" TEXT NOT NULL REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "created" TEXT NOT NULL, "body" TEXT NOT NULL, "revision" TEXT NOT NULL
);
CREATE INDEX "note_target" ON "note" ("target");
CREATE INDEX "note_document" ON "note" ("document");

CREATE TABLE "status" (
    "id" TEXT PRIMARY KEY,
    "document" TEXT NOT NULL REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED,
    "layer" TEXT NOT NULL REFERENCES "layer" ("id") DEFERRABLE INITIALLY DEFERRED,
    "status" TEXT NOT NULL CHECK ("status" IN ('new', 'in_progress', 'done', 'returned', 'approved')),
    "revision" TEXT NOT NULL
);
CREATE UNIQUE INDEX "status_document" ON "status" ("document", "layer");

CREATE TABLE "step" (
    "id" TEXT PRIMARY KEY, "replica" TEXT NOT NULL, "counter" INTEGER NOT NULL CHECK ("counter" >= 1),
    "title" TEXT NOT NULL, "annotator" TEXT NOT NULL, "time" TEXT NOT NULL, "reverts" TEXT,
    "undoable" INTEGER NOT NULL, "chain" TEXT NOT NULL, UNIQUE ("replica", "counter")
);
CREATE INDEX "step_order" ON "step" ("counter", "replica");
CREATE INDEX "step_annotator" ON "step" ("annotator", "counter");

CREATE TABLE "change" (
    "id" TEXT PRIMARY KEY, "step" TEXT NOT NULL REFERENCES "step" ("id") DEFERRABLE INITIALLY DEFERRED,
    "replica" TEXT NOT NULL, "counter" INTEGER NOT NULL, "layer" TEXT, "table" TEXT NOT NULL, "row" TEXT NOT NULL,
    "revision" TEXT NOT NULL, "previous_revision" TEXT, "before" TEXT, "after" TEXT
);
CREATE INDEX "change_step" ON "change" ("step");
CREATE INDEX "change_row" ON "change" ("row", "counter");
