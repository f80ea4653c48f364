-- AlterTable
ALTER TABLE "agents" ADD COLUMN "approval" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "conversations" ADD COLUMN "followUpAt" DATETIME;

-- AlterTable
ALTER TABLE "messages" ADD COLUMN "keepsTurn" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "presence" ADD COLUMN "doing" TEXT NOT NULL DEFAULT 'writing';
