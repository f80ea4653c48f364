import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import type { AgentId, ChannelId, RuleId, TeamId } from '../../src/core/ids.js';
import type { Desk, Team } from '../../src/core/model.js';
import { checkDataFolder } from '../../src/doctor/data-folder.js';
import { checkDatabase } from '../../src/doctor/database.js';
import { checkDesk, type DeskNeeds } from '../../src/doctor/desk.js';
import { findingText, type Finding } from '../../src/doctor/finding.js';
import { checkInbound } from '../../src/doctor/inbound.js';
import { checkSecrets, forgivingVault, hasReadableSecrets } from '../../src/doctor/secrets.js';
import { exportDesk } from '../../src/deskfile/export.js';
import { readDeskFile } from '../../src/deskfile/read.js';
import { startInboundSmtp } from '../../src/mail/smtp-inbound.js';
import { re2Patterns } from '../../src/patterns/re2.js';
import { inspectDatabase } from '../../src/storage/inspect.js';
import { newId } from '../../src/storage/new-id.js';
import { openStore } from '../../src/storage/open.js';
import { openVault } from '../../src/storage/vault.js';
import { freePort } from '../support/free-port.js';
import { quietLog } from '../support/quiet-log.js';
import { aDesk, aMailbox, anAgent } from '../support/samples.js';
import { tempFolder } from '../support/temp-folder.js';

const temp = tempFolder('doctor');
afterAll(() => temp.remove());
const keysOf = (findings: readonly Finding[]): readonly string[] => findings.map(({ level, key }) => `${level} ${key}`);
const clock = { now: () => new Date() };

describe('the data folder', () => {
  it('can be written to, is still to be made, or cannot be used', async () => {
    expect(keysOf(await checkDataFolder(temp.path))).toEqual(['ok doctor.data-dir-ok']);
    expect(keysOf(await checkDataFolder(join(temp.path, 'not', 'yet')))).toEqual(['ok doctor.data-dir-new']);
    await writeFile(join(temp.path, 'a-file'), '');
    expect(keysOf(await checkDataFolder(join(temp.path, 'a-file')))).toEqual(['bad doctor.data-dir-unwritable']);
    expect(keysOf(await checkDataFolder(join(temp.path, 'a-file', 'data')))).toEqual(['bad doctor.data-dir-unwritable']);
  });
});

describe('the database', () => {
  const look = async (file: string): Promise<string> => keysOf([checkDatabase(await inspectDatabase(`file:${file}`))])[0] ?? '';

  it('is told from one that is not there yet, which is not made by looking', async () => {
    const file = join(temp.path, 'looked-at.db');
    expect(await look(file)).toBe('ok doctor.database-new');
    expect(await look(file)).toBe('ok doctor.database-new');
    const { store } = await openStore({ databaseUrl: `file:${file}`, vault: openVault('a secret of more than enough letters'), log: quietLog(), newId, clock });
    // Beside a desk that has it open.
    expect(await look(file)).toBe('ok doctor.database-ok');
    await store.close();
  });

  it('is told from what is none, and from a server that does not answer', async () => {
    const file = join(temp.path, 'no-database.db');
    await writeFile(file, 'This is a letter, not a database. '.repeat(100));
    expect(await look(file)).toBe('bad doctor.database-down');
    const postgresql = await inspectDatabase(`postgresql://goniec:hidden@127.0.0.1:${await freePort()}/goniec`);
    expect(checkDatabase(postgresql)).toMatchObject({ level: 'bad', key: 'doctor.database-down' });
    expect(JSON.stringify(postgresql)).not.toContain('hidden');
  });
});

describe('stored secrets', () => {
  it('that were sealed with another APP_SECRET are told, and their mailboxes left alone', async () => {
    const file = join(temp.path, 'secrets.db');
    const open = (secret: string) => openStore({ databaseUrl: `file:${file}`, vault: forgivingVault(openVault(secret)), log: quietLog(), newId, clock });
    const { store: first } = await open('the first secret, which is long enough');
    const smtp = { host: 'localhost', port: 25, security: 'none', user: 'shop', password: 'pass', ca: undefined, trustAnyCertificate: false } as const;
    await first.transaction((tx) => tx.desk.save(aDesk({ mailboxes: [aMailbox({ smtp })] })));
    expect(checkSecrets(await first.desk.load())).toEqual([]);
    await first.close();
    const { store: second } = await open('the second secret, which is long enough');
    const desk = await second.desk.load();
    expect(keysOf(checkSecrets(desk))).toEqual(['bad doctor.secret-changed']);
    expect(desk.mailboxes.filter(hasReadableSecrets)).toEqual([]);
    await second.close();
  });
});

describe('the desk', () => {
  const needs = (over: Partial<DeskNeeds>): DeskNeeds => ({ applied: undefined, file: undefined, variables: {}, patterns: re2Patterns(), bridges: () => new Set(['web']), hasPassword: () => Promise.resolve(true), ...over });
  const bare: Desk = aDesk({ mailboxes: [], channels: [], agents: [], teams: [], folders: [], templates: [], labels: [] });

  it('is empty', async () => {
    expect(await checkDesk(needs({}))).toEqual({ findings: [{ level: 'bad', key: 'doctor.desk-empty', params: {} }], desk: undefined });
    expect(keysOf((await checkDesk(needs({ applied: bare }))).findings)).toEqual(['bad doctor.desk-empty']);
  });

  it('has rules that give work to those who do not see where it goes', async () => {
    const applied = aDesk({
      channels: aDesk().channels.map((channel) => ({ ...channel, visibleTo: { teams: [], agents: ['anna' as AgentId] } })),
      rules: [
        { id: 'a' as RuleId, name: 'To Marek', position: 1, when: { always: true }, then: [{ channel: 'orders' as ChannelId }, { agent: 'marek' as AgentId }] },
        { id: 'b' as RuleId, name: 'To Anna’s team', position: 2, when: { always: true }, then: [{ channel: 'returns' as ChannelId }, { team: 'care' as TeamId }] },
      ],
    });
    expect((await checkDesk(needs({ applied }))).findings.filter(({ key }) => key === 'doctor.rule-blind')).toMatchObject([{ level: 'warn', params: { rule: 'To Marek', who: 'marek', place: 'orders' } }]);
  });

  it('does not ask for passwords of people who are known from chat alone', async () => {
    const kim = { ...anAgent({ id: 'discord:1' as AgentId, name: 'Kim' }), member: { bridge: 'discord', groups: [] } };
    const applied = aDesk({ agents: [anAgent(), kim] });
    const asked: string[] = [];
    await checkDesk(needs({ applied, hasPassword: ({ name }) => { asked.push(name); return Promise.resolve(true); } }));
    expect(asked).toEqual(['Marek Kos']);
  });

  it('is described and not applied: its mailboxes are looked at all the same', async () => {
    const described = aDesk();
    const { findings, desk } = await checkDesk(needs({ applied: bare, file: { name: 'desk.yaml', text: exportDesk(described) } }));
    expect(keysOf(findings)).toEqual(['ok doctor.desk-ok', 'warn doctor.desk-unapplied']);
    expect(desk?.mailboxes.map(({ id }) => id)).toEqual(['shop']);
  });

  it('is as described', async () => {
    const text = exportDesk(aDesk());
    const read = readDeskFile(text, {}, re2Patterns());
    if (!('desk' in read)) throw new Error('the sample desk has mistakes');
    expect(keysOf((await checkDesk(needs({ applied: read.desk, file: { name: 'desk.yaml', text } }))).findings)).toEqual(['ok doctor.desk-ok']);
  });

  it('has mistakes in desk.yaml, told with their lines', async () => {
    const text = exportDesk(aDesk()).replace('channel: orders', 'channel: ordres');
    const { findings } = await checkDesk(needs({ file: { name: 'desk.yaml', text } }));
    expect(findings.map((finding) => findingText(finding, 'en'))).toEqual([expect.stringMatching(/^A mistake in desk\.yaml:\d+:\d+ mailboxes\.shop\.channel: There is no channel “ordres”\. .*orders/)]);
  });

  it('has a rule that names what is not there', async () => {
    const rules = [{ id: 'r' as never, name: 'Returns', position: 1, when: { always: true } as const, then: [{ channel: 'gone' as ChannelId }] }];
    const { findings } = await checkDesk(needs({ applied: aDesk({ rules }) }));
    expect(findings.map((finding) => findingText(finding, 'en'))).toEqual([expect.stringMatching(/^The desk as applied has a mistake, in goniec export:\d+:\d+ rules\[1\]\.then\[1\]\.channel: There is no channel “gone”/)]);
  });

  it('has teams that hand out work nobody can get, and a duty list that names who is not there', async () => {
    const [care] = aDesk().teams;
    const anna = 'anna' as AgentId;
    const textsFor = async (team: Partial<Team>, agents = aDesk().agents): Promise<readonly string[]> =>
      (await checkDesk(needs({ applied: aDesk({ agents, teams: [{ ...care!, ...team }] }) }))).findings.map((finding) => `${finding.level} ${findingText(finding, 'en')}`);
    expect(await textsFor({ dealing: 'round-robin' })).toEqual([]);
    expect(await textsFor({ dealing: 'least-busy' }, aDesk().agents.map((agent) => ({ ...agent, teams: [] })))).toEqual([expect.stringMatching(/^warn The team “care” hands out work, but nobody/)]);
    expect(await textsFor({ dealing: 'round-robin', duty: [{ agentId: anna, week: {} }] })).toEqual([expect.stringMatching(/^warn Nobody of the team “care” is ever on duty/)]);
    const week = { 1: [{ from: 540, to: 1020 }] };
    expect(await textsFor({ dealing: 'round-robin', duty: [{ agentId: 'ana' as AgentId, week }] })).toEqual([expect.stringMatching(/^bad The desk as applied has a mistake, .*teams\.care\.duty\.ana: There is no agent “ana”\. Did you mean “anna”\?/)]);
    expect(await textsFor({ dealing: 'round-robin', duty: [{ agentId: 'marek' as AgentId, week }] })).toEqual([expect.stringMatching(/^bad .*“marek” is on the duty list of “care” but not in the team/)]);
  });

  it('has channels of a bridge that does not run, and agents without a password', async () => {
    const channels = [...aDesk().channels, { id: 'sales' as ChannelId, name: 'sales', bridge: 'slack', target: 'C123' }];
    const { findings } = await checkDesk(needs({ applied: aDesk({ channels }), hasPassword: ({ id }) => Promise.resolve(id !== 'anna') }));
    expect(findings.map((finding) => `${finding.level} ${findingText(finding, 'en')}`)).toEqual([
      'warn 1 agent cannot log in to the web desk yet, for want of a password: Anna Zielińska. Set it: goniec password anna@desk.example',
      'bad Channel “sales” belongs to slack, which is not connected. Set its token in .env or choose another bridge.',
    ]);
  });
});

describe('inbound SMTP', () => {
  it('can listen, listens already, or cannot', async () => {
    const port = await freePort();
    const place = { host: '127.0.0.1', port, tls: undefined };
    expect(keysOf(await checkInbound(place))).toEqual(['ok doctor.inbound-free']);
    const ours = await startInboundSmtp({ host: '127.0.0.1', port, mailboxes: () => [], intake: { keep: () => Promise.resolve() }, maxBytes: 1_000, clock, log: quietLog() });
    expect(keysOf(await checkInbound(place))).toEqual(['ok doctor.inbound-ok']);
    await ours.stop();
    const stranger = createServer((socket) => socket.end('220 mail.example ESMTP Postfix\r\n')).listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    expect(keysOf(await checkInbound(place))).toEqual(['bad doctor.inbound-taken']);
    stranger.close();
    expect(keysOf(await checkInbound({ ...place, host: '192.0.2.1' }))).toEqual(['bad doctor.inbound-no-address']);
    expect(keysOf(await checkInbound({ host: '127.0.0.1', port: 0, tls: { certificate: join(temp.path, 'a-file'), key: join(temp.path, 'nothing') } }))).toEqual(['bad doctor.inbound-tls', 'ok doctor.inbound-free']);
  });
});
