-- Dates and files of what is searched.
ALTER TABLE "search_entries" ADD COLUMN "at" DATETIME NOT NULL DEFAULT 0;
ALTER TABLE "search_entries" ADD COLUMN "files" BOOLEAN NOT NULL DEFAULT false;

UPDATE "search_entries" SET
    "at" = COALESCE((SELECT "createdAt" FROM "messages" WHERE "id" = "refId"), 0),
    "files" = EXISTS (SELECT 1 FROM "attachments" WHERE "messageId" = "refId" AND "inline" = false)
WHERE "kind" = 'message';

UPDATE "search_entries" SET
    "at" = COALESCE((SELECT "createdAt" FROM "notes" WHERE "id" = "refId"), 0),
    "files" = COALESCE((SELECT "files" <> '[]' FROM "notes" WHERE "id" = "refId"), false)
WHERE "kind" = 'note';

-- CreateIndex
CREATE INDEX "search_entries_at_files_conversationId_idx" ON "search_entries"("at", "files", "conversationId");

-- What a search asks of conversations, newest first, answered from the index alone.
CREATE INDEX "conversations_search_idx" ON "conversations"("updatedAt", "number", "status", "assigneeId", "teamId", "mailboxId", "priority", "channelId", "folderId", "waitingSince", "mergedInto", "id");

-- The same for one status; serves what the shorter index served.
DROP INDEX "conversations_status_updatedAt_idx";
CREATE INDEX "conversations_status_search_idx" ON "conversations"("status", "updatedAt", "number", "assigneeId", "teamId", "mailboxId", "priority", "channelId", "folderId", "waitingSince", "mergedInto", "id");

-- CreateTable
CREATE TABLE "conversation_labels" (
    "labelId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,

    PRIMARY KEY ("labelId", "conversationId")
);

-- CreateIndex
CREATE INDEX "conversation_labels_conversationId_idx" ON "conversation_labels"("conversationId");

INSERT INTO "conversation_labels" ("labelId", "conversationId")
SELECT DISTINCT "label"."value", "conversations"."id" FROM "conversations", json_each("conversations"."labels") AS "label";

-- CreateTable
CREATE TABLE "saved_searches" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "agentId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "shared" BOOLEAN NOT NULL,
    "createdAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "saved_searches_agentId_idx" ON "saved_searches"("agentId");

-- Below here: what a Prisma schema cannot say.

-- Labels of conversations follow the column that holds them.
CREATE TRIGGER "conversation_labels_insert" AFTER INSERT ON "conversations" WHEN NEW."labels" <> '[]' BEGIN
    INSERT INTO "conversation_labels" ("labelId", "conversationId") SELECT DISTINCT "value", NEW."id" FROM json_each(NEW."labels");
END;
CREATE TRIGGER "conversation_labels_update" AFTER UPDATE OF "labels" ON "conversations" WHEN NEW."labels" <> OLD."labels" BEGIN
    DELETE FROM "conversation_labels" WHERE "conversationId" = NEW."id";
    INSERT INTO "conversation_labels" ("labelId", "conversationId") SELECT DISTINCT "value", NEW."id" FROM json_each(NEW."labels");
END;

-- Folded words of search_entries under its ids, by where they stand. Contentless: the text is kept once, in search_entries. What is there already is put in by the program, newest first, from
-- the entry that the counter names downwards: only it can fold.
DROP TABLE "search_index";
CREATE VIRTUAL TABLE "search_index" USING fts5("words", "sender", "receivers", "subject", content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0");
INSERT INTO "counters" ("name", "value") SELECT 'search-index', COALESCE(MAX("id"), 0) FROM "search_entries";
