-- Dates and files of what is searched.
ALTER TABLE "search_entries" ADD COLUMN "at" TIMESTAMP(3) NOT NULL DEFAULT '1970-01-01 00:00:00';
ALTER TABLE "search_entries" ADD COLUMN "files" BOOLEAN NOT NULL DEFAULT false;

UPDATE "search_entries" SET
    "at" = "messages"."createdAt",
    "files" = EXISTS (SELECT 1 FROM "attachments" WHERE "attachments"."messageId" = "messages"."id" AND NOT "attachments"."inline")
FROM "messages" WHERE "search_entries"."kind" = 'message' AND "messages"."id" = "search_entries"."refId";

UPDATE "search_entries" SET "at" = "notes"."createdAt", "files" = "notes"."files" <> '[]'
FROM "notes" WHERE "search_entries"."kind" = 'note' AND "notes"."id" = "search_entries"."refId";

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

    CONSTRAINT "conversation_labels_pkey" PRIMARY KEY ("labelId", "conversationId")
);

-- CreateIndex
CREATE INDEX "conversation_labels_conversationId_idx" ON "conversation_labels"("conversationId");

INSERT INTO "conversation_labels" ("labelId", "conversationId")
SELECT DISTINCT "label", "conversations"."id" FROM "conversations", jsonb_array_elements_text("conversations"."labels"::jsonb) AS "label";

-- CreateTable
CREATE TABLE "saved_searches" (
    "id" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "shared" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "saved_searches_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "saved_searches_agentId_idx" ON "saved_searches"("agentId");

-- Below here: what a Prisma schema cannot say.

-- Labels of conversations follow the column that holds them.
CREATE FUNCTION "conversation_labels_follow"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM "conversation_labels" WHERE "conversationId" = NEW."id";
    END IF;
    INSERT INTO "conversation_labels" ("labelId", "conversationId") SELECT DISTINCT "label", NEW."id" FROM jsonb_array_elements_text(NEW."labels"::jsonb) AS "label";
    RETURN NULL;
END $$;
CREATE TRIGGER "conversation_labels_insert" AFTER INSERT ON "conversations" FOR EACH ROW WHEN (NEW."labels" <> '[]') EXECUTE FUNCTION "conversation_labels_follow"();
CREATE TRIGGER "conversation_labels_update" AFTER UPDATE OF "labels" ON "conversations" FOR EACH ROW WHEN (NEW."labels" <> OLD."labels") EXECUTE FUNCTION "conversation_labels_follow"();

-- Folded words of search_entries under its ids. Where they stand is their weight: A sender, B receivers, C subject, D anywhere else. What is there already is put in by the program, newest
-- first, from the entry that the counter names downwards: only it can fold.
TRUNCATE "search_index";
INSERT INTO "counters" ("name", "value") SELECT 'search-index', COALESCE(MAX("id"), 0) FROM "search_entries";
