/**
 * Damaged and hostile mail: whatever bytes come, reading ends in time, within bounded memory, with a mail or with a reason why not. GONIEC_FUZZ_ROUNDS makes it larger, GONIEC_FUZZ_SEED another one.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { seeded, type Random } from '../../chaos/random.js';
import { classifyMail } from '../../src/core/classify-mail.js';
import { parseMail, UnreadableMail } from '../../src/mail/parse.js';

const OWN = fileURLToPath(new URL('../fixtures/mail/', import.meta.url));
/** Real mail that lies beside the project and is no part of it. */
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

const SEED = Number(process.env['GONIEC_FUZZ_SEED'] ?? 1);
/** Mutations of each sample. */
const ROUNDS = Number(process.env['GONIEC_FUZZ_ROUNDS'] ?? 6);
/** Samples of the corpus that are mutated in one run; another seed takes others. */
const CORPUS_SAMPLES = 20 * ROUNDS;
/** Larger samples only make it slower. */
const MAX_SAMPLE_BYTES = 200_000;
/** One mail may take this long on a busy machine. */
const MAX_MS = 5_000;
/** What reading a mutated mail may leave on the heap and outside it, at most, over all of them: they are small. */
const MAX_GROWTH_BYTES = 250 * 1024 * 1024;
const MB = 1024 * 1024;

type Mutation = (raw: Buffer, random: Random, other: Buffer) => Buffer;

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bit flips': (raw, random) => {
    const copy = Buffer.from(raw);
    for (let flip = 0; flip < 1 + raw.length / 200; flip += 1) {
      const at = random.whole(0, copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.whole(0, 8));
    }
    return copy;
  },
  'cut in the middle': (raw, random) => raw.subarray(0, random.whole(1, raw.length)),
  'a piece is missing': (raw, random) => {
    const from = random.whole(0, raw.length);
    return Buffer.concat([raw.subarray(0, from), raw.subarray(from + random.whole(1, 200))]);
  },
  'a piece comes twice': (raw, random) => {
    const from = random.whole(0, raw.length);
    const piece = raw.subarray(from, from + random.whole(1, 2_000));
    return Buffer.concat([raw.subarray(0, from), piece, piece, raw.subarray(from)]);
  },
  'noise in between': (raw, random) => {
    const at = random.whole(0, raw.length);
    return Buffer.concat([raw.subarray(0, at), Buffer.from(Array.from({ length: random.whole(1, 300) }, () => random.whole(0, 256))), raw.subarray(at)]);
  },
  'two mails joined': (raw, random, other) => Buffer.concat([raw.subarray(0, random.whole(1, raw.length)), other.subarray(random.whole(0, other.length))]),
  'line ends changed': (raw, random) => Buffer.from(raw.toString('latin1').replace(/\r?\n/g, random.pick(['\n', '\r', '\r\n', '\n\r', '\r\r\n'])), 'latin1'),
};

/** Reads it as intake does. @returns how long it took, and whether it could be read */
async function read(raw: Uint8Array): Promise<{ ms: number; readable: boolean }> {
  const began = performance.now();
  let readable = true;
  try {
    const mail = await parseMail(raw);
    classifyMail(mail);
  } catch (error) {
    // Whatever else is thrown is a defect.
    if (!(error instanceof UnreadableMail)) throw error;
    expect(error.message).not.toBe('');
    readable = false;
  }
  return { ms: performance.now() - began, readable };
}

async function fuzz(samples: readonly { readonly name: string; readonly raw: Buffer }[]): Promise<void> {
  const random = seeded(SEED);
  const before = process.memoryUsage();
  let slowest = { ms: 0, name: '' };
  for (const { name, raw } of samples) {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [mutation = '', mutate] = Object.entries(MUTATIONS)[random.whole(0, Object.keys(MUTATIONS).length)] ?? [];
      const other = samples[random.whole(0, samples.length)]?.raw ?? raw;
      const label = `${name}, ${mutation}, seed ${SEED}, round ${round}`;
      const { ms } = await read(mutate?.(raw, random, other) ?? raw).catch((cause: unknown) => {
        throw new Error(label, { cause });
      });
      if (ms > slowest.ms) slowest = { ms, name: label };
    }
  }
  expect(slowest.ms, slowest.name).toBeLessThan(MAX_MS);
  const after = process.memoryUsage();
  expect(after.rss - before.rss).toBeLessThan(MAX_GROWTH_BYTES);
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => (statSync(folder + name).isDirectory() ? walk(`${folder}${name}/`) : [folder + name]));
}

describe('fuzz: damaged mail is read or refused, in time, within memory', () => {
  it('mutations of our own samples', async () => {
    await fuzz(walk(OWN).map((path) => ({ name: path.slice(OWN.length), raw: readFileSync(path) })));
  });

  it.skipIf(!existsSync(CORPUS))('mutations of real mail', async () => {
    const random = seeded(SEED);
    const files = walk(CORPUS).filter((path) => (path.endsWith('.eml') || path.includes('/maildir/')) && statSync(path).size < MAX_SAMPLE_BYTES);
    const chosen = Array.from({ length: Math.min(CORPUS_SAMPLES, files.length) }, () => files[random.whole(0, files.length)] ?? '');
    await fuzz(chosen.map((path) => ({ name: path.slice(CORPUS.length), raw: readFileSync(path) })));
  }, 120_000);
});

describe('fuzz: bombs', () => {
  const HEAD = 'From: a@customer.example\r\nTo: b@desk.example\r\nSubject: bomb\r\nMIME-Version: 1.0\r\n';

  /** Reads a bomb; memory is what the process holds at most while it does. */
  async function explode(raw: Buffer): Promise<{ readable: boolean; ms: number; growthMb: number }> {
    const before = process.memoryUsage().rss;
    let most = before;
    const look = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    const { readable, ms } = await read(raw);
    clearInterval(look);
    most = Math.max(most, process.memoryUsage().rss);
    expect(ms).toBeLessThan(MAX_MS);
    return { readable, ms, growthMb: (most - before) / MB };
  }

  it('parts nested 1,000 deep', async () => {
    const depth = 1_000;
    const open = Array.from({ length: depth }, (_, level) => `Content-Type: multipart/mixed; boundary="b${level}"\r\n\r\n--b${level}\r\n`).join('');
    const close = Array.from({ length: depth }, (_, level) => `--b${depth - 1 - level}--\r\n`).join('');
    const { readable, growthMb } = await explode(Buffer.from(`${HEAD}${open}Content-Type: text/plain\r\n\r\ndeep\r\n${close}`));
    expect(readable).toBe(false);
    expect(growthMb).toBeLessThan(100);
  });

  it('mails in mails 1,000 deep', async () => {
    const { growthMb } = await explode(Buffer.from(`${HEAD}${'Content-Type: message/rfc822\r\n\r\nSubject: inner\r\nMIME-Version: 1.0\r\n'.repeat(1_000)}\r\ndeep\r\n`));
    expect(growthMb).toBeLessThan(100);
  });

  it('a million parts', async () => {
    const { readable, growthMb } = await explode(Buffer.from(`${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(1_000_000)}--b--\r\n`));
    expect(readable).toBe(false);
    expect(growthMb).toBeLessThan(200);
  });

  it.each([
    ['one header of a megabyte', `X-Long: ${'a'.repeat(MB)}\r\n`],
    ['a header folded over a megabyte', `X-Long: a\r\n${' b\r\n'.repeat(MB / 4)}`],
    ['a subject of a megabyte of encoded words', `Subject: ${'=?utf-8?Q?=C5=BC?= '.repeat(MB / 20)}\r\n`],
    ['a million recipients', `Cc: ${'c@customer.example,'.repeat(50_000)}\r\n`],
    ['an address of a megabyte of parentheses', `Reply-To: ${'('.repeat(MB / 2)}${')'.repeat(MB / 2)}\r\n`],
    ['a megabyte of quotation marks', `From: ${'"'.repeat(MB)}\r\n`],
    ['references to everything', `References: ${'<a@b> '.repeat(MB / 6)}\r\n`],
    ['a hundred thousand headers', 'X-Many: 1\r\n'.repeat(90_000)],
    ['a boundary of a megabyte', `Content-Type: multipart/mixed; boundary="${'b'.repeat(MB)}"\r\n`],
    ['parameters without end', `Content-Type: text/plain; ${'a*0="x"; '.repeat(MB / 9)}\r\n`],
  ])('%s', async (_name, header) => {
    const { growthMb } = await explode(Buffer.from(`${HEAD}${header}\r\nbody\r\n`));
    expect(growthMb).toBeLessThan(250);
  });

  it.each([
    ['gzip', 'application/gzip', 'bomb.gz', gzipSync(Buffer.alloc(200 * MB))],
    ['zip', 'application/zip', 'bomb.zip', zipOf(deflateSync(Buffer.alloc(200 * MB)))],
    ['winmail.dat', 'application/ms-tnef', 'winmail.dat', Buffer.concat([Buffer.from([0x78, 0x9f, 0x3e, 0x22]), Buffer.alloc(1_000, 0xff)])],
  ])('an attachment that unpacks to 200 MB is not unpacked: %s', async (_name, type, fileName, content) => {
    const body = content.toString('base64').replace(/.{76}/g, '$&\r\n');
    const { readable, growthMb } = await explode(
      Buffer.from(`${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: ${type}; name="${fileName}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n--b--\r\n`),
    );
    expect(readable).toBe(true);
    expect(growthMb).toBeLessThan(50);
  });

  it('HTML that is nested 100,000 deep, or never closed', async () => {
    for (const html of ['<div>'.repeat(100_000), '<b><i>'.repeat(50_000), `<a href="${'x'.repeat(MB)}`, '<!--'.repeat(100_000), '<blockquote>'.repeat(20_000) + 'x']) {
      const { growthMb } = await explode(Buffer.from(`${HEAD}Content-Type: text/html\r\n\r\n${html}`));
      expect(growthMb).toBeLessThan(400);
    }
  }, 30_000);

  it('text that patterns could choke on', async () => {
    for (const text of ['>'.repeat(500_000), '> '.repeat(250_000), `On ${'a '.repeat(200_000)}wrote:`, ' '.repeat(MB), '\n'.repeat(300_000), '-'.repeat(MB), `${'_'.repeat(40)}\n`.repeat(10_000), 'From: '.repeat(100_000)]) {
      await explode(Buffer.from(`${HEAD}Content-Type: text/plain\r\n\r\n${text}`));
    }
  }, 60_000);
});

/** As far as a file signature goes: a local header, and data that a naive unpacker would expand. */
function zipOf(deflated: Buffer): Buffer {
  return Buffer.concat([Buffer.from('504b0304140000000800', 'hex'), Buffer.alloc(20), deflated]);
}
