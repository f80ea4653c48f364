-- AlterTable
ALTER TABLE "conversations" ADD COLUMN "snoozedUntil" DATETIME;
ALTER TABLE "conversations" ADD COLUMN "mergedInto" TEXT;

-- AlterTable
ALTER TABLE "messages" ADD COLUMN "bcc" TEXT NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "reminders" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "conversationId" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "text" TEXT NOT NULL,
    "doneAt" DATETIME
);

-- CreateTable
CREATE TABLE "merges" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "fromId" TEXT NOT NULL,
    "intoId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "agentId" TEXT NOT NULL,
    "moved" TEXT NOT NULL,
    "undoneAt" DATETIME
);

-- CreateIndex
CREATE INDEX "reminders_doneAt_at_idx" ON "reminders"("doneAt", "at");

-- CreateIndex
CREATE INDEX "reminders_conversationId_idx" ON "reminders"("conversationId");

-- CreateIndex
CREATE INDEX "merges_intoId_idx" ON "merges"("intoId");

-- CreateIndex
CREATE INDEX "merges_fromId_idx" ON "merges"("fromId");
