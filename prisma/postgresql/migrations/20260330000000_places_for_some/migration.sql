-- AlterTable
ALTER TABLE "channels" ADD COLUMN "visibleTo" TEXT;

-- AlterTable
ALTER TABLE "folders" ADD COLUMN "visibleTo" TEXT;
