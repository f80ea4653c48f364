-- AlterTable
ALTER TABLE "customers" ADD COLUMN "labels" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "customers" ADD COLUMN "mergedInto" TEXT;

-- CreateTable
CREATE TABLE "customer_notes" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "customerId" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "customer_events" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "customerId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "agentId" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "data" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "customer_merges" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "fromId" TEXT NOT NULL,
    "intoId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "agentId" TEXT NOT NULL,
    "moved" TEXT NOT NULL,
    "undoneAt" DATETIME
);

-- CreateIndex
CREATE INDEX "customer_notes_customerId_createdAt_idx" ON "customer_notes"("customerId", "createdAt");

-- CreateIndex
CREATE INDEX "customer_events_customerId_at_idx" ON "customer_events"("customerId", "at");

-- CreateIndex
CREATE INDEX "customer_merges_intoId_undoneAt_idx" ON "customer_merges"("intoId", "undoneAt");
