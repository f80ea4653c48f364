import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError, exampleEnvironment, loadEnvironment, readConfig, VARIABLES, type Environment } from '../src/config.js';

const SECRET = 'a'.repeat(32);

function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable);
    throw error;
  }
}

describe('readConfig', () => {
  it('needs nothing but a secret', () => {
    expect(readConfig({ APP_SECRET: SECRET }, '/srv/desk')).toEqual({
      port: 3000, host: '127.0.0.1', dataDir: resolve('/srv/desk/data'), databaseUrl: `file:${resolve('/srv/desk/data/goniec.db')}`, appSecret: SECRET, publicUrl: undefined, trustProxy: false, logLevel: 'info',
      inboundSmtp: { host: '127.0.0.1', port: 2525, tls: undefined },
    });
  });

  it('reads what is set', () => {
    const config = readConfig(
      { APP_SECRET: SECRET, PORT: '8080', HOST: '0.0.0.0', DATABASE_URL: 'postgresql://u:p@db/desk', GONIEC_DATA_DIR: '/data', PUBLIC_URL: 'https://desk.example.com/', LOG_LEVEL: 'debug', INBOUND_SMTP_TLS_CERT: 'a.crt', INBOUND_SMTP_TLS_KEY: '/b.key' },
      '/srv',
    );
    expect(config).toMatchObject({ port: 8080, host: '0.0.0.0', databaseUrl: 'postgresql://u:p@db/desk', publicUrl: 'https://desk.example.com', logLevel: 'debug', inboundSmtp: { tls: { certificate: resolve('/srv/a.crt'), key: resolve('/b.key') } } });
    expect(readConfig({ APP_SECRET: SECRET, GONIEC_DATA_DIR: 'x' }, '/srv').databaseUrl).toBe(`file:${resolve('/srv/x/goniec.db')}`);
    expect(readConfig({ APP_SECRET: SECRET, DATABASE_URL: 'file:./y.db' }, '/srv').databaseUrl).toBe(`file:${resolve('/srv/y.db')}`);
  });

  it('names every mistake at once', () => {
    expect(problemsOf({ APP_SECRET: 'short', PORT: '70000', LOG_LEVEL: 'loud', PUBLIC_URL: 'desk', DATABASE_URL: 'mysql://x' })).toEqual(['APP_SECRET', 'DATABASE_URL', 'PORT', 'PUBLIC_URL', 'LOG_LEVEL']);
    expect(problemsOf({ APP_SECRET: SECRET, PORT: '80a' })).toEqual(['PORT']);
    expect(problemsOf({ APP_SECRET: SECRET, INBOUND_SMTP_TLS_CERT: 'a.crt' })).toEqual(['INBOUND_SMTP_TLS_KEY']);
    expect(problemsOf({ APP_SECRET: SECRET, INBOUND_SMTP_TLS_KEY: 'a.key' })).toEqual(['INBOUND_SMTP_TLS_CERT']);
  });

  it('takes an empty variable for unset', () => {
    expect(problemsOf({ APP_SECRET: ' ' })).toEqual(['APP_SECRET']);
    expect(readConfig({ APP_SECRET: SECRET, PORT: '', PUBLIC_URL: '' })).toMatchObject({ port: 3000, publicUrl: undefined });
  });

  it('teaches, and never shows a value', () => {
    expect(() => readConfig({})).toThrow(/APP_SECRET is not set\.[^]*Encrypts[^]*randomBytes[^]*Example: APP_SECRET=/);
    const secret = 'topsecret';
    expect(() => readConfig({ APP_SECRET: secret })).toThrow(/too short/);
    expect(() => readConfig({ APP_SECRET: secret })).not.toThrow(new RegExp(secret));
  });
});

describe('loadEnvironment', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'goniec-env-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('takes from .env what the process leaves unset', () => {
    writeFileSync(join(folder, '.env'), 'GONIEC_TEST_A=file\nGONIEC_TEST_B="from file"\nGONIEC_TEST_C=\n# GONIEC_TEST_D=1\n');
    vi.stubEnv('GONIEC_TEST_A', 'process');
    vi.stubEnv('GONIEC_TEST_B', '');
    expect(loadEnvironment(folder)).toMatchObject({ GONIEC_TEST_A: 'process', GONIEC_TEST_B: 'from file' });
    expect(loadEnvironment(folder)).not.toHaveProperty('GONIEC_TEST_C');
  });

  it('does without .env', () => {
    vi.stubEnv('GONIEC_TEST_A', 'process');
    expect(loadEnvironment(folder)['GONIEC_TEST_A']).toBe('process');
  });
});

describe('.env.example', () => {
  it('is what the schema says: every variable, its purpose and its value', () => {
    // To renew it: npx tsx -e "import { exampleEnvironment } from './src/config.ts'; process.stdout.write(exampleEnvironment())" > .env.example
    expect(readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8')).toBe(exampleEnvironment());
    for (const name of Object.keys(VARIABLES)) expect(exampleEnvironment()).toMatch(new RegExp(`^(# )?${name}=`, 'm'));
  });
});
