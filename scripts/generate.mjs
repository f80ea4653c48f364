// Generates the Prisma clients for SQLite and PostgreSQL from the one schema, prisma/schema.prisma.
// prepare.mjs calls generateIfChanged; `npm run generate` does it in any case.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { fingerprint, isStamped, stamp } from './fingerprint.mjs';
import { say, step } from './progress.mjs';
import { isMain, main, mustRun, packageFile, ROOT } from './run.mjs';

const SQLITE_SCHEMA = join(ROOT, 'prisma/schema.prisma');
/** Derived: the same models for the other engine. Never edited, never committed. */
const POSTGRESQL_SCHEMA = join(ROOT, 'prisma/postgresql/schema.prisma');
const GENERATED = join(ROOT, 'src/storage/generated');
const STAMP = join(GENERATED, '.made-from');

export async function generateIfChanged() {
  if (!existsSync(SQLITE_SCHEMA)) return;
  const print = inputs();
  const made = ['sqlite', 'postgresql'].every((engine) => existsSync(join(GENERATED, engine)));
  if (made && existsSync(POSTGRESQL_SCHEMA) && isStamped(STAMP, print)) return;
  await step('Generating the database clients', generate);
}

export async function generate() {
  const print = inputs();
  mkdirSync(dirname(POSTGRESQL_SCHEMA), { recursive: true });
  writeFileSync(POSTGRESQL_SCHEMA, forPostgresql(readFileSync(SQLITE_SCHEMA, 'utf8')));
  await prismaGenerate('sqlite', SQLITE_SCHEMA);
  await prismaGenerate('postgresql', POSTGRESQL_SCHEMA);
  stamp(STAMP, print);
}

function inputs() {
  const files = [SQLITE_SCHEMA, join(ROOT, 'prisma.config.ts'), packageFile('prisma', 'package.json')];
  return fingerprint(files.filter((file) => existsSync(file)));
}

/**
 * The schema for PostgreSQL: provider and output differ, nothing else.
 *
 * @param {string} schema
 */
export function forPostgresql(schema) {
  const derived = schema
    .replace(/(datasource\s+\w+\s*\{[^}]*?provider\s*=\s*)"sqlite"/, '$1"postgresql"')
    // One folder deeper than the original.
    .replace(/(generator\s+\w+\s*\{[^}]*?output\s*=\s*)"\.\.\/([^"]*)sqlite"/, '$1"../../$2postgresql"');
  return `// Written by scripts/generate.mjs from ../schema.prisma. Edit that one.\n${derived}`;
}

/**
 * @param {'sqlite' | 'postgresql'} engine
 * @param {string} schema
 */
async function prismaGenerate(engine, schema) {
  await mustRun(`Generating the ${engine} client`, process.execPath, [packageFile('prisma', 'build/index.js'), 'generate', '--schema', schema], {
    env: {
      PRISMA_ENGINE: engine,
      // Prisma's CLI fetches a native engine that `generate` never runs; behind a firewall that fails. Any executable will do.
      PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
}

if (isMain(import.meta.url)) {
  await main(async () => {
    if (existsSync(SQLITE_SCHEMA)) await step('Generating the database clients', generate);
    else say('There is no prisma/schema.prisma; nothing to generate.');
  });
}
