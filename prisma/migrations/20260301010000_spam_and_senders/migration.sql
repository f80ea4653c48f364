-- AlterTable
ALTER TABLE "raw_mails" ADD COLUMN "movedTo" TEXT;

-- CreateTable
CREATE TABLE "senders" (
    "pattern" TEXT NOT NULL PRIMARY KEY,
    "verdict" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "at" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "raw_mails_messageId_idx" ON "raw_mails"("messageId");

-- DropIndex
DROP INDEX "raw_mails_mailboxId_blob_idx";

-- CreateIndex
CREATE INDEX "raw_mails_blob_mailboxId_idx" ON "raw_mails"("blob", "mailboxId");
