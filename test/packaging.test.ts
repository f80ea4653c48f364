/** Docker is not everywhere that tests run, so what can go stale in its files is checked by reading them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { VARIABLES } from '../src/config.js';

const ROOT = join(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
/** Instructions of the Dockerfile, comments left out and continued lines joined. */
const instructions = read('Dockerfile').replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '').split('\n').filter(Boolean);
const of = (name: string): readonly string[] => instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

describe('the Dockerfile', () => {
  it('copies what is there, and what .dockerignore lets through', () => {
    const allowed = new Set(read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1)));
    const sources = of('COPY').filter((line) => !line.startsWith('--from')).flatMap((line) => line.split(/\s+/).slice(0, -1));
    expect(sources.length).toBeGreaterThan(8);
    for (const source of sources) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
      expect(allowed.has(source), source).toBe(true);
    }
    expect(read('.dockerignore')).toMatch(/^\*$/m);
    for (const secret of ['.env', 'data']) expect(allowed.has(secret), secret).toBe(false);
  });

  it('takes into the image all that the program reads beside its own code', () => {
    const copied = of('COPY').filter((line) => line.startsWith('--from=')).map((line) => line.split(/\s+/)[1]);
    expect(copied).toEqual(['/app/node_modules', '/app/package.json', '/app/dist', '/app/prisma', '/app/bin', '/app/demo']);
  });

  it('leaves out only what the program never loads', () => {
    const run = of('RUN').join('\n');
    const removed = [...(/npm pkg delete ([^&]+)/.exec(run)?.[1] ?? '').matchAll(/\bdependencies\.(\S+)/g)].map(([, name = '']) => name);
    expect(removed).toEqual(['prisma']);
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name)).map((name) => read(join('src', name)));
    expect(sources.length).toBeGreaterThan(300);
    for (const name of removed) expect(sources.filter((source) => new RegExp(`from '${name}['/]`).test(source)), name).toEqual([]);
    // The compilers that the generated code loads.
    const build = /compilerBuild\s*=\s*"(\w+)"/.exec(read('prisma/schema.prisma'))?.[1] ?? '';
    for (const engine of ['sqlite', 'postgresql']) expect(run).toContain(`! -name 'query_compiler_${build}_bg.${engine}.*'`);
  });

  it('runs as nobody in particular, keeps data in a volume, and is asked whether it lives', () => {
    expect(of('USER')).toEqual(['goniec']);
    expect(of('VOLUME')).toEqual(['/data']);
    expect(of('HEALTHCHECK').join(' ')).toContain('/healthz');
    expect(of('ENV').join(' ')).toContain('HOST=0.0.0.0');
    expect(of('FROM').every((line) => /^(node:22-bookworm-slim|build)\b/.test(line))).toBe(true);
  });
});

describe('compose.yaml', () => {
  const compose = z
    .object({ services: z.record(z.string(), z.object({ profiles: z.array(z.string()).optional(), environment: z.record(z.string(), z.string()).optional(), ports: z.array(z.string()).optional(), volumes: z.array(z.string()) })), volumes: z.record(z.string(), z.null()) })
    .parse(parse(read('compose.yaml')));

  it('runs Goniec alone, and PostgreSQL when it is asked for', () => {
    expect(Object.entries(compose.services).map(([name, { profiles }]) => [name, profiles])).toEqual([['goniec', undefined], ['postgresql', ['postgresql']]]);
    for (const { volumes } of Object.values(compose.services)) for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
  });

  it('opens ports to this machine only, and sets variables that exist', () => {
    for (const port of compose.services['goniec']?.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const name of Object.keys(compose.services['goniec']?.environment ?? {})) expect(Object.keys(VARIABLES)).toContain(name);
  });
});

describe('packaging/goniec.service', () => {
  const unit = read('packaging/goniec.service');
  it('is locked in', () => {
    for (const line of ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'ProtectHome=yes', 'DynamicUser=yes', 'StateDirectory=goniec', 'CapabilityBoundingSet=', 'UMask=0077']) expect(unit.split('\n')).toContain(line);
  });
  it('starts the program, and gives it longer to stop than it takes', () => {
    expect(unit).toContain('/opt/goniec/bin/goniec.js start');
    expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).toBeGreaterThan(20);
  });
});

describe('the documents for whoever runs a desk', () => {
  it.each(['README.md', 'SECURITY.md', 'docs/operations.md', 'docs/when-things-fail.md'])('%s links only to what is there', (name) => {
    const links = [...read(name).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, target]) => target ?? '');
    for (const target of links) expect(existsSync(join(ROOT, name, '..', target)), target).toBe(true);
  });

  it('SECURITY.md names tests that exist', () => {
    const files = [...read('SECURITY.md').matchAll(/`(test\/[\w/.-]+\.test\.ts)`/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true);
  });

  it('every metric of the alerts in docs/operations.md is one that the program has', () => {
    const source = read('src/metrics.ts');
    const named = [...read('docs/operations.md').matchAll(/\bgoniec_([a-z_]+)\b/g)].map(([, name]) => name ?? '').filter((name) => name !== 'restored');
    expect(named.length).toBeGreaterThan(8);
    for (const name of named) expect(source, name).toContain(`'${name}'`);
  });
});
