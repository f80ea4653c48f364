/**
 * Settings of one installation: the only reader of process.env. Secrets and addresses of services are here; what the desk looks like is in desk.yaml.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';

import { slackFromEnvironment } from './bridges/slack/from-environment.js';
import type { SlackSettings } from './bridges/slack/settings.js';

/** Variables by name, those of `.env` included; also what `${NAME}` in desk.yaml is looked up in. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Config {
  readonly port: number;
  readonly host: string;
  /** `file:` with an absolute path, or `postgresql://...`. */
  readonly databaseUrl: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly appSecret: string;
  /** Without a slash at the end; undefined: links are left out of posts and mails. */
  readonly publicUrl: string | undefined;
  /** A reverse proxy of ours stands in front. */
  readonly trustProxy: boolean;
  /** Whoever sends it may read /metrics; undefined: only this machine may. */
  readonly metricsToken?: string | undefined;
  readonly logLevel: LogLevel;
  readonly inboundSmtp: {
    readonly host: string;
    readonly port: number;
    /** Absolute paths of PEM files; undefined: no TLS is offered. */
    readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  };
  /** Workspaces of Slack; undefined: none. */
  readonly slack?: readonly SlackSettings[] | undefined;
  /** undefined: there is no Discord. */
  readonly discord?: { readonly token: string; readonly apiUrl: string; readonly onClose: (typeof ON_CLOSE)[number]; readonly staffRoles: readonly string[] | undefined } | undefined;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What happens on Discord to the thread of a conversation that is closed. */
const ON_CLOSE = ['nothing', 'archive', 'lock'] as const;

/** Keys for encryption and signatures are derived from it: as long as an AES-256 key, at least. */
export const MIN_SECRET_CHARS = 32;
/** Guessed over the network only, and worth no more than numbers. */
const MIN_TOKEN_CHARS = 16;
const MAX_PORT = 65_535;
const MAKE_A_SECRET = `node -p "require('node:crypto').randomBytes(32).toString('hex')"`;

interface Variable {
  /** What it is for, in one or two lines. */
  readonly purpose: readonly string[];
  /** undefined: there is none; '' : it may stay unset. */
  readonly fallback: string | undefined;
  readonly example: string;
}

/** Every variable, in the order of `.env.example`. */
export const VARIABLES = {
  APP_SECRET: {
    purpose: ['Encrypts the passwords that are stored, and signs sessions and links. Keep it: without it they cannot be read any more.', `Make one: ${MAKE_A_SECRET}`],
    fallback: undefined,
    example: 'a long random text of at least 32 characters',
  },
  GONIEC_DATA_DIR: { purpose: ['Folder for the database (SQLite), raw mail and files. Back it up.'], fallback: './data', example: '/var/lib/goniec' },
  DATABASE_URL: {
    purpose: ['Where the database is: a file (SQLite) or a PostgreSQL server. Unset: goniec.db in the data folder.'],
    fallback: '',
    example: 'postgresql://goniec:password@localhost:5432/goniec',
  },
  HOST: { purpose: ['Address that the web desk listens on. 0.0.0.0 for all; put a proxy with HTTPS in front then.'], fallback: '127.0.0.1', example: '0.0.0.0' },
  PORT: { purpose: ['Port of the web desk; 0 takes any that is free.'], fallback: '3000', example: '3000' },
  PUBLIC_URL: { purpose: ['Where people reach the web desk; links in chat and mail begin with it.'], fallback: '', example: 'https://desk.example.com' },
  TRUST_PROXY: { purpose: ['yes when a reverse proxy of yours stands in front: then the address it reports counts as the visitor\'s (for the login limit).'], fallback: 'no', example: 'yes' },
  METRICS_TOKEN: { purpose: ['Lets a monitoring system read /metrics from elsewhere: it sends this as "Authorization: Bearer ...". Unset: only this machine may read it.'], fallback: '', example: 'a long random text' },
  LOG_LEVEL: { purpose: [`How much is logged: ${LOG_LEVELS.join(', ')}.`], fallback: 'info', example: 'info' },
  INBOUND_SMTP_HOST: { purpose: ['Address that inbound SMTP listens on; only used when desk.yaml has a mailbox of kind smtp.'], fallback: '127.0.0.1', example: '0.0.0.0' },
  INBOUND_SMTP_PORT: { purpose: ['Port of inbound SMTP. Forward mail to it; port 25 needs special rights.'], fallback: '2525', example: '2525' },
  INBOUND_SMTP_TLS_CERT: { purpose: ['Certificate (PEM file) that inbound SMTP offers for STARTTLS; goes with INBOUND_SMTP_TLS_KEY.'], fallback: '', example: '/etc/ssl/mail.example.com.crt' },
  INBOUND_SMTP_TLS_KEY: { purpose: ['Private key (PEM file) of that certificate.'], fallback: '', example: '/etc/ssl/mail.example.com.key' },
  SLACK_BOT_TOKEN: {
    purpose: ['Bot token of the Slack app ("OAuth & Permissions"). Unset: no Slack. docs/slack.md has the steps.', 'A second workspace: SLACK_BOT_TOKEN_2, SLACK_APP_TOKEN_2 ... ; its channels in desk.yaml have "bridge: slack-2".'],
    fallback: '',
    example: 'xoxb-...',
  },
  SLACK_APP_TOKEN: { purpose: ['App-level token of the Slack app ("Basic Information"), for Socket Mode: no public address is needed.'], fallback: '', example: 'xapp-...' },
  SLACK_SIGNING_SECRET: { purpose: ['Signing secret of the Slack app, for HTTP instead of Socket Mode: leave SLACK_APP_TOKEN unset then.'], fallback: '', example: 'the secret under "Basic Information"' },
  SLACK_PORT: { purpose: ['Port that takes what Slack sends by HTTP, at /slack/events; put a proxy with HTTPS in front.'], fallback: '3001', example: '3001' },
  SLACK_REACTIONS: { purpose: ['Reactions that do something: emoji=verb, separated by commas. none switches them off.'], fallback: 'eyes=claim,white_check_mark=close', example: 'none' },
  SLACK_ALLOW_GUESTS: { purpose: ['yes lets guests and people of other organisations work here, if they are agents of the desk.'], fallback: 'no', example: 'yes' },
  SLACK_STAFF: { purpose: ['Id of a user group or private channel: only its members work here. Unset: every agent of the desk.'], fallback: '', example: 'S0123456789' },
  SLACK_API_URL: { purpose: ["Where Slack's Web API is; only for tests and proxies."], fallback: 'https://slack.com/api/', example: 'https://slack.com/api/' },
  DISCORD_TOKEN: { purpose: ['Token of your Discord bot; set it to work on Discord. How to make one: docs/discord.md.'], fallback: '', example: 'the token that the developer portal shows once' },
  DISCORD_API_URL: { purpose: ["Where Discord's API is; only for tests and proxies."], fallback: 'https://discord.com/api', example: 'https://discord.com/api' },
  DISCORD_ON_CLOSE: { purpose: ['What happens to the thread of a conversation that is closed: nothing, archive, or lock (archived, and only moderators wake it).'], fallback: 'archive', example: 'archive' },
  DISCORD_STAFF_ROLES: { purpose: ['Ids of Discord roles, with commas: only members who have one of them may work here. Unset: everybody who is linked with an agent.'], fallback: '', example: '112233445566778899' },
} as const satisfies Readonly<Record<string, Variable>>;

type VariableName = keyof typeof VARIABLES;

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'is not a port')
  .transform(Number)
  .refine((value) => value <= MAX_PORT, `is not a port: there are 1 to ${MAX_PORT}, and 0 for any that is free`);

const discordVariables = {
  DISCORD_TOKEN: z.string().optional(),
  DISCORD_API_URL: z.url({ protocol: /^https?$/, error: 'is not a web address' }),
  DISCORD_ON_CLOSE: z.enum(ON_CLOSE, `is none of ${ON_CLOSE.join(', ')}`),
  DISCORD_STAFF_ROLES: z
    .string()
    .regex(/^\s*\d{15,21}(\s*,\s*\d{15,21})*\s*$/, 'is not a list of ids: in Discord, right-click a role (with Developer Mode on), Copy Role ID')
    .optional(),
};
const discordSchema = z.object(discordVariables);

const schema = z.object({
  APP_SECRET: z.string('is not set').min(MIN_SECRET_CHARS, `is too short: it needs ${MIN_SECRET_CHARS} characters or more`),
  GONIEC_DATA_DIR: z.string(),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.|postgres(ql)?:\/\/.)/, 'must begin with file: or postgresql://')
    .optional(),
  HOST: z.string(),
  PORT: port,
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'is not a web address' }).optional(),
  TRUST_PROXY: z.stringbool('is neither yes nor no'),
  METRICS_TOKEN: z.string().min(MIN_TOKEN_CHARS, `is too short: it needs ${MIN_TOKEN_CHARS} characters or more`).regex(/^\S+$/, 'has a blank in it').optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `is none of ${LOG_LEVELS.join(', ')}`),
  INBOUND_SMTP_HOST: z.string(),
  INBOUND_SMTP_PORT: port,
  INBOUND_SMTP_TLS_CERT: z.string().optional(),
  INBOUND_SMTP_TLS_KEY: z.string().optional(),
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'is no bot token: it begins with xoxb-').optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'is no app-level token: it begins with xapp-').optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_PORT: port,
  SLACK_REACTIONS: z.string().regex(/^(none|[\w+-]+=[a-z-]+(\s*,\s*[\w+-]+=[a-z-]+)*)$/, 'does not look like emoji=verb,emoji=verb'),
  SLACK_ALLOW_GUESTS: z.stringbool('is neither yes nor no'),
  SLACK_STAFF: z.string().regex(/^[SCG][A-Z0-9]{6,}$/, 'is not the id of a user group or channel').optional(),
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: 'is not a web address' }),
  ...discordVariables,
} satisfies Readonly<Record<VariableName, z.ZodType>>);

export interface ConfigProblem {
  readonly variable: VariableName;
  /** Goes on from the variable's name: "is not set". */
  readonly problem: string;
}

/** All that is wrong with the environment, and how to put it right. Values are never shown: some are secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(explain).join('\n\n'));
  }
}

/** Variables of the process; those that are unset are taken from `.env` in `folder`, if there is one. Empty ones count as unset. */
export function loadEnvironment(folder = process.cwd()): Environment {
  const file = join(folder, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return { ...withoutEmpty(fromFile), ...withoutEmpty(process.env) };
}

/** @throws ConfigError that names every mistake. Relative paths are taken from `folder`. */
export function readConfig(environment: Environment, folder = process.cwd()): Config {
  const parsed = schema.safeParse({ ...fallbacks(), ...withoutEmpty(environment) });
  const problems = parsed.success ? unpaired(parsed.data) : parsed.error.issues.map(problemOf);
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const values = parsed.data;
  const dataDir = resolve(folder, values.GONIEC_DATA_DIR);
  return {
    port: values.PORT,
    host: values.HOST,
    dataDir,
    databaseUrl: databaseUrl(values.DATABASE_URL, dataDir, folder),
    appSecret: values.APP_SECRET,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, ''),
    trustProxy: values.TRUST_PROXY,
    metricsToken: values.METRICS_TOKEN,
    logLevel: values.LOG_LEVEL,
    inboundSmtp: {
      host: values.INBOUND_SMTP_HOST,
      port: values.INBOUND_SMTP_PORT,
      tls: values.INBOUND_SMTP_TLS_CERT && values.INBOUND_SMTP_TLS_KEY
        ? { certificate: resolve(folder, values.INBOUND_SMTP_TLS_CERT), key: resolve(folder, values.INBOUND_SMTP_TLS_KEY) }
        : undefined,
    },
    slack: slackFromEnvironment(values, withoutEmpty(environment)),
    discord: discordOf(values),
  };
}

/** What concerns Discord alone, for commands that need nothing else; undefined: there is none. @throws ConfigError that names every mistake in these variables */
export function readDiscordConfig(environment: Environment): Config['discord'] {
  const parsed = discordSchema.safeParse({ ...fallbacks(), ...withoutEmpty(environment) });
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(problemOf));
  return discordOf(parsed.data);
}

/** The text of `.env.example`: every variable with what it is for; those that have a value of their own are commented out. */
export function exampleEnvironment(): string {
  const head = ['# Settings of one installation. Copy to .env and fill in; variables of the process win over this file.', '# Passwords of mailboxes come here too: write ${SHOP_PASSWORD} in desk.yaml and SHOP_PASSWORD=... below.'];
  const entries = Object.entries(VARIABLES).map(([name, { purpose, fallback, example }]) => {
    const comments = purpose.map((line) => `# ${line}`);
    return [...comments, fallback === undefined ? `${name}=` : `# ${name}=${fallback || example}`].join('\n');
  });
  return `${[head.join('\n'), ...entries].join('\n\n')}\n`;
}

function databaseUrl(url: string | undefined, dataDir: string, folder: string): string {
  if (url === undefined) return `file:${join(dataDir, 'goniec.db')}`;
  return url.startsWith('file:') ? `file:${resolve(folder, url.slice('file:'.length).replace(/^\/\/(?=\/)/, ''))}` : url;
}

/** A certificate without its key, or the other way round, would mean mail in the clear where TLS was meant. */
function unpaired(values: z.infer<typeof schema>): readonly ConfigProblem[] {
  if (values.INBOUND_SMTP_TLS_CERT && !values.INBOUND_SMTP_TLS_KEY) return [{ variable: 'INBOUND_SMTP_TLS_KEY', problem: 'is not set, but INBOUND_SMTP_TLS_CERT is' }];
  if (values.INBOUND_SMTP_TLS_KEY && !values.INBOUND_SMTP_TLS_CERT) return [{ variable: 'INBOUND_SMTP_TLS_CERT', problem: 'is not set, but INBOUND_SMTP_TLS_KEY is' }];
  const { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app, SLACK_SIGNING_SECRET: secret } = values;
  if (bot && !app && !secret) return [{ variable: 'SLACK_APP_TOKEN', problem: 'is not set, but SLACK_BOT_TOKEN is. Set it, or SLACK_SIGNING_SECRET for HTTP' }];
  if (!bot && (app ?? secret)) return [{ variable: 'SLACK_BOT_TOKEN', problem: 'is not set, but other variables of Slack are' }];
  return [];
}

function fallbacks(): Environment {
  return Object.fromEntries(Object.entries(VARIABLES).map(([name, { fallback }]) => [name, fallback || undefined]));
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''));
}

function discordOf({ DISCORD_TOKEN: token, DISCORD_API_URL: apiUrl, DISCORD_ON_CLOSE: onClose, DISCORD_STAFF_ROLES: roles }: z.infer<typeof discordSchema>): Config['discord'] {
  return token ? { token: token.trim(), apiUrl: apiUrl.replace(/\/+$/, ''), onClose, staffRoles: roles?.split(',').map((id) => id.trim()) } : undefined;
}

const problemOf = ({ path, message }: z.core.$ZodIssue): ConfigProblem => ({ variable: variableOf(path[0]), problem: message });

function variableOf(name: PropertyKey | undefined): VariableName {
  return Object.keys(VARIABLES).find((known): known is VariableName => known === name) ?? 'APP_SECRET';
}

function explain({ variable, problem }: ConfigProblem): string {
  const { purpose, example } = VARIABLES[variable];
  return [`${variable} ${problem}.`, ...purpose.map((line) => `  ${line}`), `  Example: ${variable}=${example}`, '  Write it into .env, or set it in the environment.'].join('\n');
}
