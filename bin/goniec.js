#!/usr/bin/env node
import { existsSync } from 'node:fs';
import process from 'node:process';

const program = new URL('../dist/cli.js', import.meta.url);

if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('Goniec is not built yet. Run "npm run build" in its folder first.\n');
  process.exitCode = 1;
}
