// Starts other programs, on every system the same: no shell, no .cmd files.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Lines of a failed command's output that its error shows. */
const OUTPUT_LINES = 60;

/** A failure that is explained already: its message is for the person at the keyboard, a stack would only hide it. */
export class Explained extends Error {}

/**
 * @typedef {object} RunOptions
 * @property {Readonly<Record<string, string | undefined>>} [env] added to this process's environment
 * @property {boolean} [show] let it write to our output and read our input; otherwise its output is kept and shown when it fails
 */

/**
 * Runs a program in the project's root and resolves with its exit code and what it wrote.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
      stdio: options.show ? [process.env.CI ? 'ignore' : 'inherit', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.once('error', fail);
    // Whoever ends us ends it too. An interrupt from the keyboard reaches both by itself; we wait for it to end.
    const end = () => child.kill('SIGTERM');
    const wait = () => undefined;
    process.on('SIGTERM', end).on('SIGINT', wait);
    child.once('close', (code, signal) => {
      process.off('SIGTERM', end).off('SIGINT', wait);
      done({ code: code ?? (signal ? 1 : 0), output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/**
 * Like `run`, but a failure is an error that shows the end of the output.
 *
 * @param {string} what "building", for the error
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function mustRun(what, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  const end = output.trimEnd().split('\n').slice(-OUTPUT_LINES).join('\n');
  throw new Explained(`${what} failed (exit code ${code}).\n\n${end}\n`);
}

/**
 * Path of a JavaScript file inside an installed package, to be run with `process.execPath`.
 *
 * @param {string} packageName
 * @param {string} file
 */
export function packageFile(packageName, file) {
  return join(ROOT, 'node_modules', packageName, file);
}

/**
 * npm's own program as a JavaScript file: the npm that runs us, or the one beside this Node.js. (On Windows npm is a .cmd file, which cannot be
 * started without a shell.)
 */
export function npmCli() {
  const running = process.env.npm_execpath;
  if (running !== undefined && /npm-cli\.c?js$/.test(running) && existsSync(running)) return running;
  const bin = dirname(process.execPath);
  const places = [join(bin, 'node_modules/npm/bin/npm-cli.js'), join(bin, '../lib/node_modules/npm/bin/npm-cli.js'), '/usr/share/nodejs/npm/bin/npm-cli.js'];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  try {
    return createRequire(import.meta.url).resolve('npm/bin/npm-cli.js');
  } catch {
    throw new Explained(`npm was not found beside ${process.execPath}. Run "npm install" in ${ROOT} yourself, then try again.`);
  }
}

/**
 * Whether the module with this `import.meta.url` is the program that Node.js was asked to run.
 *
 * @param {string} url
 */
export function isMain(url) {
  return process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(url);
}

/**
 * Runs a script's work; explained failures are printed without a stack.
 *
 * @param {() => Promise<number | void>} work resolves with the exit code, or with nothing when that is decided elsewhere
 */
export async function main(work) {
  try {
    const code = await work();
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    process.stderr.write(`\n${error instanceof Explained ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
}
