/** What desk.yaml describes. Rows that are gone from it stay, marked `removed`, so that history can still name them. */
import type { Agent, Audience, Desk, Group, Mailbox, RetiredPlace, Rule } from '../core/model.js';
import { DEFAULT_SPAM } from '../core/senders.js';
import type { Vault } from '../core/ports/effects.js';
import type { DeskStore } from '../core/ports/store.js';
import { asMember } from '../core/standing.js';
import type { Access, Db } from './access.js';
import { countUpDesk } from './desk-revision.js';
import { Prisma } from './generated/sqlite/client.js';
import type * as Rows from './generated/sqlite/client.js';
import { audienceOf, mailboxFrom, sealedSettings } from './mailboxes.js';
import { fromJson, id, oneOf, optional } from './rows.js';
import { templateColumns, templateFrom } from './templates.js';

/** The desk's own settings, in the table `settings`. */
type DeskSettings = Pick<Desk, 'name' | 'locale' | 'sample' | 'hours' | 'spam' | 'groups'>;
const SETTINGS_KEY = 'desk';
/** Before desk.yaml was first applied. */
const NO_SETTINGS: DeskSettings = {
  name: 'Goniec',
  locale: 'en',
  sample: false,
  spam: DEFAULT_SPAM,
  hours: { timeZone: 'UTC', week: Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [{ from: 9 * 60, to: 17 * 60 }]])) },
};

/** The desk as it was last loaded, and the revision it had then: it is asked for with every mail and changes once a month. */
export interface DeskCache {
  loaded: { readonly revision: number; readonly desk: Desk } | undefined;
}

/** Position of those who are known from chat. */
const AFTER_THE_LISTED = 1_000_000;

type Preferences = Parameters<DeskStore['setPreferences']>[1];

export function deskStore({ db, sql, changes, write }: Access, vault: Vault, cache: DeskCache): DeskStore {
  async function findAgent(where: Prisma.AgentWhereInput): Promise<Agent | undefined> {
    const row = await db.agent.findFirst({ where, include: TEAMS_IN_ORDER, orderBy: { position: 'asc' } });
    return row ? (agentFrom(row, (await readSettings(db)).groups ?? []) ?? agentRow(row)) : undefined;
  }

  return {
    async load() {
      // The revision first: if somebody saves while we read the rest, we have newer rows under an older revision, and the next load reads again.
      const [counter] = await sql.all<Rows.Counter>(Prisma.sql`SELECT * FROM "counters" WHERE "name" = 'desk'`);
      const revision = counter?.value ?? 0;
      if (cache.loaded?.revision === revision) return cache.loaded.desk;
      const desk = await readDesk(db, vault);
      // What this transaction itself changed may yet be rolled back.
      if (!changes?.desk) cache.loaded = { revision, desk };
      return desk;
    },

    save: (desk) =>
      write(async ({ db, changes }) => {
        await writeDesk(db, desk, vault);
        await countUpDesk(db);
        changes.desk = true;
      }),

    agent: (agent) => findAgent({ id: agent }),
    agentByEmail: (email) => findAgent({ email: email.toLowerCase(), removed: false, bridge: null }),

    async passwordHash(agent) {
      return optional((await db.agent.findUnique({ where: { id: agent }, select: { passwordHash: true } }))?.passwordHash ?? null);
    },

    setPasswordHash: (agent, hash) =>
      write(async ({ db }) => {
        await db.agent.update({ where: { id: agent }, data: { passwordHash: hash } });
      }),

    admit: (member) =>
      write(async ({ db, changes }) => {
        const { id: key, name, email, role, locale, timeZone, theme } = member;
        const row = { ...HERE, position: AFTER_THE_LISTED, name, email, role, locale, timeZone, theme, bridge: member.member?.bridge ?? null, groups: JSON.stringify(member.member?.groups ?? []) };
        await db.agent.upsert({ where: { id: key }, create: { id: key, ...row }, update: row });
        await countUpDesk(db);
        changes.desk = true;
      }),

    dismiss: (member) =>
      write(async ({ db, changes }) => {
        await db.agent.updateMany({ where: { id: member }, data: { removed: true } });
        await countUpDesk(db);
        changes.desk = true;
      }),

    setPreferences: (agent, preferences) =>
      write(async ({ db, changes }) => {
        const { preferences: before } = await db.agent.findUniqueOrThrow({ where: { id: agent }, select: { preferences: true } });
        await db.agent.update({ where: { id: agent }, data: { preferences: JSON.stringify({ ...fromJson<Preferences>(before), ...preferences }) } });
        await countUpDesk(db);
        changes.desk = true;
      }),
  };
}

const TEAMS_IN_ORDER = { teams: { orderBy: { position: 'asc' } } } as const;
const ON_THE_DESK = { where: { removed: false }, orderBy: [{ position: 'asc' }, { id: 'asc' }] } as const satisfies Prisma.TeamFindManyArgs;

async function readSettings(db: Db): Promise<DeskSettings> {
  const row = await db.setting.findUnique({ where: { key: SETTINGS_KEY } });
  return row ? settingsFrom(row.value) : NO_SETTINGS;
}

/** What an older version wrote lacks what has come since. */
function settingsFrom(json: string): DeskSettings {
  const { spam, ...settings } = fromJson<Omit<DeskSettings, 'spam'> & { readonly spam?: DeskSettings['spam'] }>(json);
  // Kept for ever is not written down: JSON has no undefined.
  return { ...settings, spam: spam ? { ...spam, keepDays: spam.keepDays } : DEFAULT_SPAM };
}

async function readDesk(db: Db, vault: Vault): Promise<Desk> {
  const [settings, mailboxes, channels, teams, agents, folders, labels, templates, rules] = await Promise.all([
    readSettings(db),
    db.mailbox.findMany(ON_THE_DESK),
    db.channel.findMany(ON_THE_DESK),
    db.team.findMany(ON_THE_DESK),
    db.agent.findMany({ ...ON_THE_DESK, include: TEAMS_IN_ORDER }),
    db.folder.findMany(ON_THE_DESK),
    db.label.findMany(ON_THE_DESK),
    db.template.findMany(ON_THE_DESK),
    db.rule.findMany(ON_THE_DESK),
  ]);
  const retired = await readRetired(db);
  return {
    ...settings,
    mailboxes: mailboxes.map((row) => mailboxFrom(row, vault)),
    channels: channels.map((row) => ({ id: id(row.id), name: row.name, bridge: row.bridge, target: row.target, ...forSome(row.visibleTo) })),
    teams: teams.map((row) => ({ id: id(row.id), name: row.name, dealing: oneOf(row.dealing), duty: fromJson(row.duty) })),
    agents: agents.flatMap((row) => agentFrom(row, settings.groups ?? []) ?? []),
    folders: folders.map((row) => ({ id: id(row.id), name: row.name, ...forSome(row.visibleTo) })),
    labels: labels.map((row) => ({ id: id(row.id), name: row.name, colour: row.colour })),
    templates: templates.map(templateFrom),
    rules: rules.map(ruleFrom),
    ...(retired.length > 0 && { retired }),
  };
}

const forSome = (visibleTo: string | null): { readonly visibleTo?: Audience } => (visibleTo === null ? {} : { visibleTo: fromJson(visibleTo) });

/** What was for some only when it left the desk. */
async function readRetired(db: Db): Promise<readonly RetiredPlace[]> {
  const gone = { removed: true, visibleTo: { not: null } } as const;
  const [mailboxes, channels, folders] = await Promise.all([db.mailbox.findMany({ where: { removed: true } }), db.channel.findMany({ where: gone }), db.folder.findMany({ where: gone })]);
  const places = (kind: RetiredPlace['kind'], rows: readonly { readonly id: string; readonly visibleTo?: Audience }[]): readonly RetiredPlace[] =>
    rows.flatMap(({ id: key, visibleTo }) => (visibleTo ? [{ kind, id: key, visibleTo }] : []));
  return [
    ...places('mailbox', mailboxes.map((row) => ({ id: row.id, ...audienceOf(row) }))),
    ...places('channel', channels.map((row) => ({ id: row.id, ...forSome(row.visibleTo) }))),
    ...places('folder', folders.map((row) => ({ id: row.id, ...forSome(row.visibleTo) }))),
  ];
}

type AgentRow = Rows.Agent & { readonly teams: readonly Rows.TeamMember[] };

/** As desk.yaml lists them, or with what their groups give today; undefined when none of these is on the desk. */
function agentFrom(row: AgentRow, groups: readonly Group[]): Agent | undefined {
  const agent = agentRow(row);
  return agent.member ? asMember({ groups }, { ...agent, member: agent.member }) : agent;
}

function agentRow(row: AgentRow): Agent {
  return {
    id: id(row.id),
    name: row.name,
    email: row.email,
    role: oneOf(row.role),
    locale: oneOf(row.locale),
    timeZone: row.timeZone,
    teams: row.teams.map(({ teamId }) => id(teamId)),
    theme: oneOf(row.theme),
    approval: row.approval,
    ...fromJson<Preferences>(row.preferences),
    ...(row.bridge !== null && { member: { bridge: row.bridge, groups: fromJson(row.groups ?? '[]') } }),
  };
}

function ruleFrom(row: Rows.Rule): Rule {
  return { id: id(row.id), name: row.name, position: row.position, when: fromJson(row.conditions), then: fromJson(row.actions) };
}

/** How one kind of thing is written: everything is marked as removed, then put back; so positions and `removed` are right whatever was there before. */
async function replace<Thing extends { readonly id: string }, Row>(
  things: readonly Thing[],
  rowOf: (thing: Thing, position: number) => Row,
  removeAll: () => Promise<unknown>,
  put: (id: string, row: Row) => Promise<unknown>,
): Promise<void> {
  await removeAll();
  for (const [position, thing] of things.entries()) await put(thing.id, rowOf(thing, position));
}

const GONE = { data: { removed: true } } as const;
/** Who is known from chat does not come and go with desk.yaml. */
const LISTED_GONE = { ...GONE, where: { bridge: null } } as const;
const HERE = { removed: false } as const;

async function writeDesk(db: Db, desk: Desk, vault: Vault): Promise<void> {
  const { name, locale, sample, hours, spam, groups } = desk;
  const value = JSON.stringify({ name, locale, sample, hours, spam, ...(groups && { groups }) } satisfies DeskSettings);
  await db.setting.upsert({ where: { key: SETTINGS_KEY }, create: { key: SETTINGS_KEY, value }, update: { value } });

  await replace(
    desk.mailboxes,
    (mailbox: Mailbox, position) => ({ ...HERE, position, address: mailbox.address, settings: sealedSettings(mailbox, vault) }),
    () => db.mailbox.updateMany(GONE),
    (key, row) => db.mailbox.upsert({ where: { id: key }, create: { id: key, ...row }, update: row }),
  );
  await replace(
    desk.channels,
    ({ name, bridge, target, visibleTo }, position) => ({ ...HERE, position, name, bridge, target, visibleTo: visibleTo ? JSON.stringify(visibleTo) : null }),
    () => db.channel.updateMany(GONE),
    (key, row) => db.channel.upsert({ where: { id: key }, create: { id: key, ...row }, update: row }),
  );
  await replace(
    desk.teams,
    ({ name, dealing, duty }, position) => ({ ...HERE, position, name, dealing, duty: JSON.stringify(duty) }),
    () => db.team.updateMany(GONE),
    (key, row) => db.team.upsert({ where: { id: key }, create: { id: key, ...row }, update: row }),
  );
  const listed = desk.agents.filter(({ member }) => member === undefined);
  await replace(
    listed,
    ({ name, email, role, locale, timeZone, theme, approval }, position) => ({ ...HERE, position, name, email: email.toLowerCase(), role, locale, timeZone, theme, approval }),
    () => db.agent.updateMany(LISTED_GONE),
    (key, row) => db.agent.upsert({ where: { id: key }, create: { id: key, ...row }, update: row }),
  );
  await db.teamMember.deleteMany();
  await db.teamMember.createMany({ data: listed.flatMap((agent) => agent.teams.map((teamId, position) => ({ agentId: agent.id, teamId, position }))) });
  await replace(
    desk.folders,
    ({ name, visibleTo }, position) => ({ ...HERE, position, name, visibleTo: visibleTo ? JSON.stringify(visibleTo) : null }),
    () => db.folder.updateMany(GONE),
    (key, row) => db.folder.upsert({ where: { id: key }, create: { id: key, ...row }, update: row }),
  );
  await replace(
    desk.labels,
    ({ name, colour }, position) => ({ ...HERE, position, name, colour }),
    () => db.label.updateMany(GONE),
    (key, row) => db.label.upsert({ where: { id: key }, create: { id: key, ...row }, update: row }),
  );
  await replace(
    desk.templates,
    (template, position) => ({ ...HERE, position, ...templateColumns(template) }),
    () => db.template.updateMany(GONE),
    (key, row) => db.template.upsert({ where: { id: key }, create: { id: key, ...row }, update: row }),
  );
  await replace(
    desk.rules,
    ({ name, position, when, then }) => ({ ...HERE, position, name, conditions: JSON.stringify(when), actions: JSON.stringify(then) }),
    () => db.rule.updateMany(GONE),
    (key, row) => db.rule.upsert({ where: { id: key }, create: { id: key, ...row }, update: row }),
  );
}
