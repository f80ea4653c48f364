-- AlterTable
ALTER TABLE "teams" ADD COLUMN "dealing" TEXT NOT NULL DEFAULT 'by-hand';
ALTER TABLE "teams" ADD COLUMN "duty" TEXT NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "notes" ADD COLUMN "pinnedAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "turns" (
    "teamId" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "turn" INTEGER NOT NULL,

    CONSTRAINT "turns_pkey" PRIMARY KEY ("teamId", "agentId")
);

-- CreateTable
CREATE TABLE "absences" (
    "id" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "from" TIMESTAMP(3) NOT NULL,
    "until" TIMESTAMP(3) NOT NULL,
    "standInKind" TEXT,
    "standInId" TEXT,

    CONSTRAINT "absences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notices" (
    "id" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "noteId" TEXT,
    "byId" TEXT,
    "at" TIMESTAMP(3) NOT NULL,
    "readAt" TIMESTAMP(3),

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "absences_until_from_idx" ON "absences"("until", "from");

-- CreateIndex
CREATE INDEX "notices_agentId_at_idx" ON "notices"("agentId", "at");

-- CreateIndex
CREATE INDEX "notices_conversationId_idx" ON "notices"("conversationId");
