-- Where the words of a document stand on its pages.

ALTER TABLE "document" ADD COLUMN "pages" TEXT REFERENCES "blob" ("sha256") DEFERRABLE INITIALLY DEFERRED;

-- A document that another one supersedes is out of sight.
CREATE INDEX "document_supersedes" ON "document" ("supersedes");

-- Near-duplicates are found by hashes that two texts share. It can be computed anew and is in no journal.
CREATE TABLE "sketch" (
    "value" BIGINT NOT NULL, "text" TEXT NOT NULL REFERENCES "blob" ("sha256") DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY ("value", "text")
);
CREATE INDEX "sketch_text" ON "sketch" ("text");
