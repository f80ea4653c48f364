-- AlterTable
ALTER TABLE "conversations" ADD COLUMN "snoozedUntil" TIMESTAMP(3);
ALTER TABLE "conversations" ADD COLUMN "mergedInto" TEXT;

-- AlterTable
ALTER TABLE "messages" ADD COLUMN "bcc" TEXT NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "reminders" (
    "id" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "text" TEXT NOT NULL,
    "doneAt" TIMESTAMP(3),

    CONSTRAINT "reminders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "merges" (
    "id" TEXT NOT NULL,
    "fromId" TEXT NOT NULL,
    "intoId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "agentId" TEXT NOT NULL,
    "moved" TEXT NOT NULL,
    "undoneAt" TIMESTAMP(3),

    CONSTRAINT "merges_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reminders_doneAt_at_idx" ON "reminders"("doneAt", "at");

-- CreateIndex
CREATE INDEX "reminders_conversationId_idx" ON "reminders"("conversationId");

-- CreateIndex
CREATE INDEX "merges_intoId_idx" ON "merges"("intoId");

-- CreateIndex
CREATE INDEX "merges_fromId_idx" ON "merges"("fromId");
