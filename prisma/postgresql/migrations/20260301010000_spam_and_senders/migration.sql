-- AlterTable
ALTER TABLE "raw_mails" ADD COLUMN "movedTo" TEXT;

-- CreateTable
CREATE TABLE "senders" (
    "pattern" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "senders_pkey" PRIMARY KEY ("pattern")
);

-- CreateIndex
CREATE INDEX "raw_mails_messageId_idx" ON "raw_mails"("messageId");

-- DropIndex
DROP INDEX "raw_mails_mailboxId_blob_idx";

-- CreateIndex
CREATE INDEX "raw_mails_blob_mailboxId_idx" ON "raw_mails"("blob", "mailboxId");
