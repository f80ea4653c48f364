-- When answers are due. The year 9999: none is.
ALTER TABLE "conversations" ADD COLUMN "dueAt" TIMESTAMP(3) NOT NULL DEFAULT '9999-12-31 00:00:00';

-- AlterTable
ALTER TABLE "messages" ADD COLUMN "dueAt" TIMESTAMP(3);

-- CreateIndex
CREATE INDEX "conversations_status_folderId_dueAt_number_idx" ON "conversations"("status", "folderId", "dueAt", "number");
