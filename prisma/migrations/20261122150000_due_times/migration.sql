-- When answers are due. The year 9999: none is.
ALTER TABLE "conversations" ADD COLUMN "dueAt" DATETIME NOT NULL DEFAULT 253402214400000;

-- AlterTable
ALTER TABLE "messages" ADD COLUMN "dueAt" DATETIME;

-- CreateIndex
CREATE INDEX "conversations_status_folderId_dueAt_number_idx" ON "conversations"("status", "folderId", "dueAt", "number");
