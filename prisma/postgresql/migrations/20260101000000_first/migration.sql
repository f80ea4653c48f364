-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "agents" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "theme" TEXT NOT NULL,
    "preferences" TEXT NOT NULL DEFAULT '{}',
    "passwordHash" TEXT,

    CONSTRAINT "agents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "teams" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT NOT NULL,

    CONSTRAINT "teams_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_members" (
    "agentId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "team_members_pkey" PRIMARY KEY ("agentId","teamId")
);

-- CreateTable
CREATE TABLE "channels" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT NOT NULL,
    "bridge" TEXT NOT NULL,
    "target" TEXT NOT NULL,

    CONSTRAINT "channels_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "folders" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT NOT NULL,

    CONSTRAINT "folders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "labels" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT NOT NULL,
    "colour" INTEGER NOT NULL,

    CONSTRAINT "labels_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "templates" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "templates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rules" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT NOT NULL,
    "conditions" TEXT NOT NULL,
    "actions" TEXT NOT NULL,

    CONSTRAINT "rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mailboxes" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "address" TEXT NOT NULL,
    "settings" TEXT NOT NULL,

    CONSTRAINT "mailboxes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customers" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "language" TEXT,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_addresses" (
    "address" TEXT NOT NULL,
    "customerId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "customer_addresses_pkey" PRIMARY KEY ("address")
);

-- CreateTable
CREATE TABLE "conversations" (
    "id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "mailboxId" TEXT NOT NULL,
    "customerId" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "assigneeId" TEXT,
    "teamId" TEXT,
    "labels" TEXT NOT NULL,
    "priority" TEXT NOT NULL,
    "channelId" TEXT,
    "folderId" TEXT,
    "revision" INTEGER NOT NULL,
    "participants" TEXT NOT NULL,
    "language" TEXT,
    "excerpt" TEXT NOT NULL,
    "waitingSince" TIMESTAMP(3) NOT NULL,
    "warning" TEXT,
    "threadRef" TEXT,
    "cardRef" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "conversations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "messages" (
    "id" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "automaticKind" TEXT,
    "automaticReason" TEXT,
    "automaticTo" TEXT,
    "rawMailId" TEXT,
    "headerId" TEXT,
    "inReplyTo" TEXT,
    "references" TEXT NOT NULL,
    "fromAddress" TEXT NOT NULL,
    "fromName" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "cc" TEXT NOT NULL,
    "replyTo" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "hiddenText" TEXT NOT NULL,
    "hiddenLines" INTEGER NOT NULL,
    "hasHtml" BOOLEAN NOT NULL,
    "authorId" TEXT,
    "state" TEXT NOT NULL,
    "problem" TEXT,
    "sendAt" TIMESTAMP(3),
    "sentAt" TIMESTAMP(3),
    "revision" INTEGER NOT NULL,
    "contentHash" TEXT NOT NULL,
    "language" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attachments" (
    "id" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "fileName" TEXT NOT NULL,
    "contentType" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "inline" BOOLEAN NOT NULL,
    "contentId" TEXT,
    "blob" TEXT,
    "part" INTEGER,

    CONSTRAINT "attachments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notes" (
    "id" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "files" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "editedAt" TIMESTAMP(3),
    "deletedAt" TIMESTAMP(3),

    CONSTRAINT "notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "id" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT,
    "what" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "raw_mails" (
    "id" TEXT NOT NULL,
    "mailboxId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "folder" TEXT,
    "uidValidity" BIGINT,
    "uid" BIGINT,
    "blob" TEXT,
    "bytes" INTEGER NOT NULL,
    "recipients" TEXT NOT NULL,
    "receivedAt" TIMESTAMP(3) NOT NULL,
    "state" TEXT NOT NULL,
    "historic" BOOLEAN NOT NULL,
    "tries" INTEGER NOT NULL,
    "outcome" TEXT,
    "messageId" TEXT,
    "subject" TEXT NOT NULL,
    "sender" TEXT NOT NULL,

    CONSTRAINT "raw_mails_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "folder_cursors" (
    "mailboxId" TEXT NOT NULL,
    "folder" TEXT NOT NULL,
    "uidValidity" BIGINT NOT NULL,
    "lastUid" BIGINT NOT NULL,
    "historyUid" BIGINT NOT NULL,
    "firstAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "folder_cursors_pkey" PRIMARY KEY ("mailboxId","folder")
);

-- CreateTable
CREATE TABLE "deliveries" (
    "seq" SERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "coalesce" TEXT,
    "effect" TEXT NOT NULL,
    "sendsMessageId" TEXT,
    "state" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "dueAt" TIMESTAMP(3) NOT NULL,
    "lastError" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "posts" (
    "seq" SERIAL NOT NULL,
    "bridge" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "aboutKind" TEXT NOT NULL,
    "aboutId" TEXT NOT NULL,

    CONSTRAINT "posts_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "task" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "queue" TEXT NOT NULL,
    "runAt" TIMESTAMP(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "presence" (
    "conversationId" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "until" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "presence_pkey" PRIMARY KEY ("conversationId","agentId")
);

-- CreateTable
CREATE TABLE "people" (
    "bridge" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,

    CONSTRAINT "people_pkey" PRIMARY KEY ("bridge", "personId")
);

-- CreateTable
CREATE TABLE "sessions" (
    "tokenHash" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "csrf" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "handled_calls" (
    "bridge" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "handled_calls_pkey" PRIMARY KEY ("bridge","eventId")
);

-- CreateTable
CREATE TABLE "counters" (
    "name" TEXT NOT NULL,
    "value" INTEGER NOT NULL,

    CONSTRAINT "counters_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "search_entries" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "refId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "search_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "agents_email_idx" ON "agents"("email");

-- CreateIndex
CREATE INDEX "team_members_teamId_idx" ON "team_members"("teamId");

-- CreateIndex
CREATE INDEX "customer_addresses_customerId_position_idx" ON "customer_addresses"("customerId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "conversations_number_key" ON "conversations"("number");

-- CreateIndex
CREATE INDEX "conversations_status_folderId_waitingSince_number_idx" ON "conversations"("status", "folderId", "waitingSince", "number");

-- CreateIndex
CREATE INDEX "conversations_status_assigneeId_waitingSince_number_idx" ON "conversations"("status", "assigneeId", "waitingSince", "number");

-- CreateIndex
CREATE INDEX "conversations_channelId_status_waitingSince_number_idx" ON "conversations"("channelId", "status", "waitingSince", "number");

-- CreateIndex
CREATE INDEX "conversations_status_updatedAt_idx" ON "conversations"("status", "updatedAt");

-- CreateIndex
CREATE INDEX "conversations_folderId_status_updatedAt_idx" ON "conversations"("folderId", "status", "updatedAt");

-- CreateIndex
CREATE INDEX "conversations_customerId_status_number_idx" ON "conversations"("customerId", "status", "number");

-- CreateIndex
CREATE INDEX "conversations_threadRef_idx" ON "conversations"("threadRef");

-- CreateIndex
CREATE INDEX "messages_conversationId_createdAt_idx" ON "messages"("conversationId", "createdAt");

-- CreateIndex
CREATE INDEX "messages_headerId_idx" ON "messages"("headerId");

-- CreateIndex
CREATE INDEX "messages_contentHash_idx" ON "messages"("contentHash");

-- CreateIndex
CREATE INDEX "messages_automaticTo_createdAt_idx" ON "messages"("automaticTo", "createdAt");

-- CreateIndex
CREATE INDEX "messages_authorId_state_sendAt_idx" ON "messages"("authorId", "state", "sendAt");

-- CreateIndex
CREATE INDEX "attachments_messageId_position_idx" ON "attachments"("messageId", "position");

-- CreateIndex
CREATE INDEX "notes_conversationId_createdAt_idx" ON "notes"("conversationId", "createdAt");

-- CreateIndex
CREATE INDEX "events_conversationId_at_idx" ON "events"("conversationId", "at");

-- CreateIndex
CREATE INDEX "raw_mails_mailboxId_state_receivedAt_id_idx" ON "raw_mails"("mailboxId", "state", "receivedAt", "id");

-- CreateIndex
CREATE INDEX "raw_mails_state_receivedAt_idx" ON "raw_mails"("state", "receivedAt");

-- CreateIndex
CREATE INDEX "raw_mails_mailboxId_blob_idx" ON "raw_mails"("mailboxId", "blob");

-- CreateIndex
CREATE UNIQUE INDEX "raw_mails_mailboxId_folder_uidValidity_uid_key" ON "raw_mails"("mailboxId", "folder", "uidValidity", "uid");

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_id_key" ON "deliveries"("id");

-- CreateIndex
CREATE INDEX "deliveries_lane_state_seq_idx" ON "deliveries"("lane", "state", "seq");

-- CreateIndex
CREATE INDEX "deliveries_state_lane_idx" ON "deliveries"("state", "lane");

-- CreateIndex
CREATE INDEX "deliveries_coalesce_state_idx" ON "deliveries"("coalesce", "state");

-- CreateIndex
CREATE INDEX "deliveries_sendsMessageId_idx" ON "deliveries"("sendsMessageId");

-- CreateIndex
CREATE INDEX "posts_conversationId_aboutKind_aboutId_idx" ON "posts"("conversationId", "aboutKind", "aboutId");

-- CreateIndex
CREATE UNIQUE INDEX "posts_bridge_ref_key" ON "posts"("bridge", "ref");

-- CreateIndex
CREATE UNIQUE INDEX "jobs_key_key" ON "jobs"("key");

-- CreateIndex
CREATE INDEX "jobs_runAt_idx" ON "jobs"("runAt");

-- CreateIndex
CREATE INDEX "people_bridge_agentId_idx" ON "people"("bridge", "agentId");

-- CreateIndex
CREATE INDEX "sessions_expiresAt_idx" ON "sessions"("expiresAt");

-- CreateIndex
CREATE INDEX "handled_calls_at_idx" ON "handled_calls"("at");

-- CreateIndex
CREATE INDEX "search_entries_conversationId_idx" ON "search_entries"("conversationId");

-- CreateIndex
CREATE UNIQUE INDEX "search_entries_kind_refId_key" ON "search_entries"("kind", "refId");

-- AddForeignKey
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_agentId_fkey" FOREIGN KEY ("agentId") REFERENCES "agents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_addresses" ADD CONSTRAINT "customer_addresses_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "customers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "conversations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notes" ADD CONSTRAINT "notes_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "conversations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "conversations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Below here: what a Prisma schema cannot say. Keep it when a migration rebuilds search_entries.

-- Words of search_entries under its ids, already folded (core/fold.ts).
CREATE TABLE "search_index" (
    "id" INTEGER NOT NULL,
    "words" TSVECTOR NOT NULL,

    CONSTRAINT "search_index_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "search_index_id_fkey" FOREIGN KEY ("id") REFERENCES "search_entries"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "search_index_words_idx" ON "search_index" USING GIN ("words");

INSERT INTO "counters" ("name", "value") VALUES ('conversation', 0), ('desk', 0);
