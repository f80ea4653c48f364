-- CreateTable
CREATE TABLE "bulks" (
    "id" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "bulks_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "bulks_state_createdAt_idx" ON "bulks"("state", "createdAt");

-- CreateTable
CREATE TABLE "bulk_items" (
    "bulkId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "conversationId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "revision" INTEGER,
    "before" TEXT,

    CONSTRAINT "bulk_items_pkey" PRIMARY KEY ("bulkId", "position")
);

-- CreateIndex
CREATE INDEX "bulk_items_bulkId_state_position_idx" ON "bulk_items"("bulkId", "state", "position");
