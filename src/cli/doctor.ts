import { readFile } from 'node:fs/promises';

import { createBridges } from '../bridges/index.js';
import type { Desk } from '../core/model.js';
import { DEFAULT_SPAM } from '../core/senders.js';
import type { Bridge } from '../core/ports/chat.js';
import { createLiveHub } from '../bridges/web/live-hub.js';
import { ConfigError, loadEnvironment, readConfig, type Config, type ConfigProblem, type Environment } from '../config.js';
import type { DeskFile } from '../doctor/desk.js';
import { examine, settingsFindings, type AppliedDesk } from '../doctor/examine.js';
import { findingText, type Finding } from '../doctor/finding.js';
import { forgivingVault } from '../doctor/secrets.js';
import { createLog } from '../log.js';
import { re2Patterns } from '../patterns/re2.js';
import { inspectDatabase, type DatabaseState } from '../storage/inspect.js';
import { newId } from '../storage/new-id.js';
import { openStore } from '../storage/open.js';
import { openVault } from '../storage/vault.js';
import { printFindings } from './findings.js';
import { printJson } from './setting.js';

/** Where people keep the description of their desk. */
const DESK_FILE = 'desk.yaml';

const clock = { now: () => new Date() };

/** `goniec doctor`: works beside a desk that runs, and where there is none yet. Ends with 1 when something does not work. */
export async function runDoctor(options: { json?: boolean }): Promise<void> {
  const findings = await diagnose(loadEnvironment());
  const isWell = findings.every(({ level }) => level !== 'bad');
  if (options.json) {
    printJson({ ok: isWell, findings: findings.map((finding) => ({ level: finding.level, key: finding.key, text: findingText(finding, 'en'), params: finding.params, detail: finding.detail })) });
  } else {
    printFindings(findings);
  }
  if (!isWell) process.exitCode = 1;
}

async function diagnose(environment: Environment): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return settingsFindings(error.problems.map((problem) => ({ ...problem, explanation: explanationOf(problem) })));
  }
  const database = await inspectDatabase(config.databaseUrl);
  const opened = await openApplied(config, database);
  try {
    const desk = opened.applied?.desk;
    const bridges = await createBridges({ live: createLiveHub(), clock, log: createLog('silent'), newId, desk: () => desk ?? NO_DESK, slack: config.slack, discord: config.discord });
    const findings = await examine({
      dataDir: config.dataDir,
      inboundSmtp: config.inboundSmtp,
      database: opened.database,
      applied: opened.applied,
      deskFile: await readDesk(),
      variables: environment,
      patterns: re2Patterns(),
      bridges: () => new Set(bridges.keys()),
    });
    return [...findings, ...(desk ? await askPlatforms(bridges, desk) : [])];
  } finally {
    await opened.close();
  }
}

/** Before anything is applied. */
const NO_DESK: Desk = { name: '', locale: 'en', sample: false, hours: { timeZone: 'UTC', week: {} }, spam: DEFAULT_SPAM, mailboxes: [], channels: [], teams: [], agents: [], folders: [], labels: [], templates: [], rules: [] };

/** What each chat platform says of its token, its rights and our channels. */
async function askPlatforms(bridges: ReadonlyMap<string, Bridge>, desk: Desk): Promise<readonly Finding[]> {
  const asked = [...bridges.values()].map(async (bridge) => (await bridge.inspect?.(desk.channels.filter((channel) => channel.bridge === bridge.name), desk.groups?.filter((group) => group.bridge === bridge.name))) ?? []);
  return (await Promise.all(asked)).flat().map(({ level, text, channel }): Finding => ({ level, key: 'doctor.platform', params: { text: channel ? `#${channel.name}: ${text}` : text } }));
}

/** Without its first line, which says what is wrong and is the finding itself. */
function explanationOf(problem: ConfigProblem): string {
  const lines = new ConfigError([problem]).message.split('\n').slice(1);
  return lines.map((line) => line.trim()).join('\n');
}

interface Opened {
  readonly database: DatabaseState;
  readonly applied: AppliedDesk | undefined;
  close(): Promise<void>;
}

/** Opening would make a database, or bring it up to date: both are for `goniec start`, so only one that is as it should be is opened. */
async function openApplied(config: Config, database: DatabaseState): Promise<Opened> {
  const nothing: Opened = { database, applied: undefined, close: () => Promise.resolve() };
  if (database.state !== 'current') return nothing;
  try {
    const { store } = await openStore({ databaseUrl: config.databaseUrl, vault: forgivingVault(openVault(config.appSecret)), log: createLog('silent'), newId, clock });
    const desk = await store.desk.load();
    return { database, applied: { desk, hasPassword: async ({ id }) => (await store.desk.passwordHash(id)) !== undefined }, close: () => store.close() };
  } catch (error) {
    return { ...nothing, database: { state: 'unreachable', detail: error instanceof Error ? error.message : String(error) } };
  }
}

async function readDesk(): Promise<DeskFile | undefined> {
  try {
    return { name: DESK_FILE, text: await readFile(DESK_FILE, 'utf8') };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing ? undefined : { name: DESK_FILE, text: undefined, detail: error instanceof Error ? error.message : String(error) };
  }
}
