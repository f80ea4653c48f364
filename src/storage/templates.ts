/** Templates as people change them on the desk, and how often they are used. */
import type { TemplateId } from '../core/ids.js';
import type { DescribedTemplate, Template, TemplateRecord, TemplateUsage } from '../core/model.js';
import type { TemplateStore } from '../core/ports/store.js';
import type { Access, Db } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Template as Row } from './generated/sqlite/client.js';
import { countUpDesk } from './desk-revision.js';
import { fromJson, id } from './rows.js';
import { insertInto } from './sql.js';

/** Columns that hold what a template says. */
type Content = Pick<Row, 'name' | 'category' | 'texts' | 'mailboxes' | 'teams' | 'files'>;

export function templateStore({ db, write }: Access): TemplateStore {
  return {
    async all() {
      return (await db.template.findMany({ orderBy: [{ position: 'asc' }, { id: 'asc' }] })).map(recordFrom);
    },

    save: (template, { at, by }) =>
      write(async ({ db, changes }) => {
        const row = { ...templateColumns(template), removed: false, changedAt: at, changedBy: by };
        await keepDescribed(db, template.id);
        const last = await db.template.aggregate({ _max: { position: true } });
        await db.template.upsert({ where: { id: template.id }, create: { id: template.id, position: (last._max.position ?? -1) + 1, ...row }, update: row });
        await countUpDesk(db);
        changes.desk = true;
      }),

    retire: (template, { at, by }) =>
      write(async ({ db, changes }) => {
        await keepDescribed(db, template);
        await db.template.update({ where: { id: template }, data: { removed: true, changedAt: at, changedBy: by } });
        await countUpDesk(db);
        changes.desk = true;
      }),

    setDescribed: (templates) =>
      write(async ({ db }) => {
        await db.template.updateMany({ data: { described: null } });
        for (const template of templates) await db.template.updateMany({ where: { id: template.id }, data: { described: describedText(template) } });
      }),

    countUse: (templateId, messageId, at) =>
      write(async ({ sql }) => {
        await sql.run(insertInto('template_uses', { messageId, templateId, at }, Prisma.sql`ON CONFLICT DO NOTHING`));
      }),

    forgetUses: (message) =>
      write(async ({ sql }) => {
        await sql.run(Prisma.sql`DELETE FROM "template_uses" WHERE "messageId" = ${message}`);
      }),

    async usage() {
      const rows = await db.templateUse.groupBy({ by: ['templateId'], _count: true, _max: { at: true } });
      return new Map(rows.flatMap(({ templateId, _count: count, _max: { at } }): (readonly [TemplateId, TemplateUsage])[] => (at ? [[id(templateId), { count, lastAt: at }]] : [])));
    },
  };
}

/** What nobody has changed yet is what desk.yaml said, also where that was before this was written down. */
async function keepDescribed(db: Db, template: TemplateId): Promise<void> {
  const row = await db.template.findUnique({ where: { id: template } });
  if (row?.described === null && row.changedAt === null) await db.template.update({ where: { id: template }, data: { described: describedText(templateFrom(row)) } });
}

function describedText({ name, category, texts, mailboxes, teams }: Template): string {
  return JSON.stringify({ name, category, texts, mailboxes, teams } satisfies DescribedTemplate);
}

export function templateColumns({ name, category, texts, mailboxes, teams, files }: Template): Content {
  return { name, category, texts: JSON.stringify(texts), mailboxes: JSON.stringify(mailboxes), teams: JSON.stringify(teams), files: JSON.stringify(files) };
}

export function templateFrom(row: Row): Template {
  return { id: id(row.id), name: row.name, category: row.category, texts: fromJson(row.texts), mailboxes: fromJson(row.mailboxes), teams: fromJson(row.teams), files: fromJson(row.files) };
}

function recordFrom(row: Row): TemplateRecord {
  return {
    template: templateFrom(row),
    retired: row.removed,
    described: row.described === null ? undefined : fromJson(row.described),
    changed: row.changedAt && row.changedBy !== null ? { at: row.changedAt, by: id(row.changedBy) } : undefined,
  };
}
