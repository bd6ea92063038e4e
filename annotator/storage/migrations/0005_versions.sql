-- Annotations of older versions of a document that wait for a place in the newest one.

CREATE TABLE "unplaced" (
    "id" TEXT PRIMARY KEY,
    "document" TEXT NOT NULL REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED,
    "layer" TEXT NOT NULL REFERENCES "layer" ("id") DEFERRABLE INITIALLY DEFERRED,
    "annotation" TEXT NOT NULL REFERENCES "annotation" ("id") DEFERRABLE INITIALLY DEFERRED,
    "revision" TEXT NOT NULL,
    UNIQUE ("document", "annotation")
);
CREATE INDEX "unplaced_annotation" ON "unplaced" ("annotation");
