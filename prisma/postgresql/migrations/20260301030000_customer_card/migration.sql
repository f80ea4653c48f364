-- AlterTable
ALTER TABLE "customers" ADD COLUMN "labels" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "customers" ADD COLUMN "mergedInto" TEXT;

-- CreateTable
CREATE TABLE "customer_notes" (
    "id" TEXT NOT NULL,
    "customerId" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "customer_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_events" (
    "id" TEXT NOT NULL,
    "customerId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "agentId" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "data" TEXT NOT NULL,

    CONSTRAINT "customer_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_merges" (
    "id" TEXT NOT NULL,
    "fromId" TEXT NOT NULL,
    "intoId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "agentId" TEXT NOT NULL,
    "moved" TEXT NOT NULL,
    "undoneAt" TIMESTAMP(3),

    CONSTRAINT "customer_merges_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "customer_notes_customerId_createdAt_idx" ON "customer_notes"("customerId", "createdAt");

-- CreateIndex
CREATE INDEX "customer_events_customerId_at_idx" ON "customer_events"("customerId", "at");

-- CreateIndex
CREATE INDEX "customer_merges_intoId_undoneAt_idx" ON "customer_merges"("intoId", "undoneAt");
