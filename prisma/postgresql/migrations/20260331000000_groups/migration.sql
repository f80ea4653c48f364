-- AlterTable
ALTER TABLE "agents" ADD COLUMN "bridge" TEXT;
ALTER TABLE "agents" ADD COLUMN "groups" TEXT;
