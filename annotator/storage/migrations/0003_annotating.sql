-- What attributes are asked for and inherit, what documents pass on, what was read, and searches that are kept.

ALTER TABLE "attribute_definition" ADD COLUMN "asked" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "attribute_definition" ADD COLUMN "inherits" TEXT NOT NULL DEFAULT '';

CREATE TABLE "document_value" (
    "id" TEXT PRIMARY KEY,
    "document" TEXT NOT NULL REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED,
    "attribute" TEXT NOT NULL REFERENCES "attribute_definition" ("id") DEFERRABLE INITIALLY DEFERRED,
    "value" TEXT NOT NULL, "revision" TEXT NOT NULL,
    UNIQUE ("document", "attribute")
);
CREATE INDEX "document_value_value" ON "document_value" ("value");

CREATE TABLE "read_range" (
    "id" TEXT PRIMARY KEY,
    "document" TEXT NOT NULL REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED,
    "layer" TEXT NOT NULL REFERENCES "layer" ("id") DEFERRABLE INITIALLY DEFERRED,
    "start" INTEGER NOT NULL CHECK ("start" >= 0), "end" INTEGER NOT NULL CHECK ("start" < "end"),
    "revision" TEXT NOT NULL
);
CREATE INDEX "read_range_document" ON "read_range" ("document", "layer");

CREATE TABLE "saved_search" (
    "id" TEXT PRIMARY KEY, "name" TEXT NOT NULL CHECK ("name" <> ''),
    "annotator" TEXT NOT NULL REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "created" TEXT NOT NULL, "query" TEXT NOT NULL, "revision" TEXT NOT NULL
);
