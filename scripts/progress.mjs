// Says on standard error what is going on: standard output belongs to the program that is prepared.
import process from 'node:process';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPIN_INTERVAL_MS = 100;
/** Without a terminal there is no spinner; a sign of life this often instead. */
const SIGN_OF_LIFE_MS = 30_000;

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Shows `title` with the seconds that `work` takes.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const terminal = process.stderr.isTTY === true && process.env.CI === undefined;
  let frame = 0;
  const timer = terminal
    ? setInterval(() => {
        frame = (frame + 1) % SPINNER.length;
        process.stderr.write(`\r${SPINNER[frame]} ${title} ... ${seconds()} s `);
      }, SPIN_INTERVAL_MS)
    : setInterval(() => {
        say(`  still at it: ${title} (${seconds()} s)`);
      }, SIGN_OF_LIFE_MS);
  if (!terminal) say(`${title} ...`);
  try {
    const result = await work();
    clearInterval(timer);
    if (terminal) process.stderr.write(`\r\u001b[2K✔ ${title} (${seconds()} s)\n`);
    else if (seconds() > 1) say(`  done in ${seconds()} s`);
    return result;
  } catch (error) {
    clearInterval(timer);
    if (terminal) process.stderr.write(`\r\u001b[2K✘ ${title} (${seconds()} s)\n`);
    throw error;
  }
}
