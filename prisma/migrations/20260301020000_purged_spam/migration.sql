-- CreateTable
CREATE TABLE "purged_conversations" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "conversationId" TEXT NOT NULL,
    "spamSince" DATETIME NOT NULL,
    "agentId" TEXT,
    "purgedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "purged_blobs" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "purged_conversations_conversationId_key" ON "purged_conversations"("conversationId");
