-- Where the words of a document stand on its pages.

ALTER TABLE "document" ADD COLUMN "pages" TEXT REFERENCES "blob" ("sha256") DEFERRABLE INITIALLY DEFERRED;

-- A document that another one supersedes is out of sight.
CREATE INDEX "document_supersedes" ON "document" ("supersedes");

-- Near-duplicates are found by hashes that two texts share. They can be computed anew and are in no journal.
-- A text has dozens of them, so they name it by a short number.
CREATE TABLE "sketched" (
    "id" INTEGER PRIMARY KEY,
    "text" TEXT NOT NULL UNIQUE REFERENCES "blob" ("sha256") DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE "sketch" (
    "value" BIGINT NOT NULL,
    "sketched" INTEGER NOT NULL REFERENCES "sketched" ("id") DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY ("value", "sketched")
);
