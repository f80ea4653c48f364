import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startChromium, type Chromium } from './chromium.js';
import { available } from './servers.js';

describe.runIf(available('chromium'))('the browser of the tests', () => {
  let chromium: Chromium;

  beforeAll(async () => {
    chromium = await startChromium();
  });

  afterAll(async () => {
    await chromium.close();
  });

  it('shows a page as large, as dark and as calm as asked', async () => {
    const page = await chromium.openPage({ width: 390, height: 844, colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.goto('data:text/html,<h1>Goniec</h1>');
    expect(await page.textContent('h1')).toBe('Goniec');
    expect(await page.evaluate('innerWidth')).toBe(390);
    expect(await page.evaluate('matchMedia("(prefers-color-scheme: dark) and (prefers-reduced-motion: reduce)").matches')).toBe(true);
  });

  it('opens every page in a fresh profile', async () => {
    const zone = await (await chromium.openPage({ timezone: 'Asia/Tokyo' })).evaluate('Intl.DateTimeFormat().resolvedOptions().timeZone');
    expect(zone).toBe('Asia/Tokyo');
  });
});
