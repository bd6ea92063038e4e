-- How a dataset is made, under a name: what goes out, in which format, and which documents train, validate and test.

CREATE TABLE "recipe" (
    "id" TEXT PRIMARY KEY,
    "name" TEXT NOT NULL CHECK ("name" <> ''),
    "annotator" TEXT NOT NULL REFERENCES "annotator" ("id") DEFERRABLE INITIALLY DEFERRED,
    "created" TEXT NOT NULL, "content" TEXT NOT NULL,
    "revision" TEXT NOT NULL
);
