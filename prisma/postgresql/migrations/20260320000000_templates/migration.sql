-- AlterTable
ALTER TABLE "templates" ADD COLUMN "category" TEXT NOT NULL DEFAULT '';
ALTER TABLE "templates" ADD COLUMN "texts" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "templates" ADD COLUMN "mailboxes" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "templates" ADD COLUMN "teams" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "templates" ADD COLUMN "files" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "templates" ADD COLUMN "described" TEXT;
ALTER TABLE "templates" ADD COLUMN "changedAt" TIMESTAMP(3);
ALTER TABLE "templates" ADD COLUMN "changedBy" TEXT;

-- A template had one text; it becomes the first of several.
UPDATE "templates" SET "texts" = json_build_array(json_build_object('language', "locale", 'body', "body"))::text;
ALTER TABLE "templates" DROP COLUMN "locale";
ALTER TABLE "templates" DROP COLUMN "body";

-- CreateTable
CREATE TABLE "template_uses" (
    "messageId" TEXT NOT NULL,
    "templateId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "template_uses_pkey" PRIMARY KEY ("messageId", "templateId")
);

-- CreateIndex
CREATE INDEX "template_uses_templateId_at_idx" ON "template_uses"("templateId", "at");
