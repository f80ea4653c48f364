-- CreateTable
CREATE TABLE "purged_conversations" (
    "number" INTEGER NOT NULL,
    "conversationId" TEXT NOT NULL,
    "spamSince" TIMESTAMP(3) NOT NULL,
    "agentId" TEXT,
    "purgedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "purged_conversations_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "purged_blobs" (
    "hash" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "purged_blobs_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE UNIQUE INDEX "purged_conversations_conversationId_key" ON "purged_conversations"("conversationId");
