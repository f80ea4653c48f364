import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

import { serverPath } from './servers.js';

/** Keeps Chromium from calling home: it would only wait for names that cannot be looked up. */
const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const DESKTOP = { width: 1280, height: 800 } as const;

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** What the browser says it reads: "pl-PL". */
  readonly locale?: string;
  readonly timezone?: string;
  /** A touch screen with a phone's pixels. */
  readonly mobile?: boolean;
  /** Relative addresses in `page.goto` start here. */
  readonly baseURL?: string;
  readonly javaScript?: boolean;
}

/** A real browser for one test file. End it with `close()`. */
export class Chromium {
  /** Use `startChromium`. */
  constructor(readonly browser: Browser) {}

  /** A page in a fresh profile: no cookies, nothing stored. */
  async openPage(options: PageOptions = {}): Promise<Page> {
    const context: BrowserContextOptions = {
      viewport: { width: options.width ?? DESKTOP.width, height: options.height ?? DESKTOP.height },
      colorScheme: options.colorScheme ?? 'light',
      reducedMotion: options.reducedMotion ?? 'reduce',
      locale: options.locale ?? 'en-GB',
      timezoneId: options.timezone ?? 'Europe/Warsaw',
      isMobile: options.mobile ?? false,
      hasTouch: options.mobile ?? false,
      javaScriptEnabled: options.javaScript ?? true,
      ...(options.baseURL === undefined ? {} : { baseURL: options.baseURL }),
    };
    return this.browser.newPage(context);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** Starts the system's Chromium or Chrome without a window (about half a second). */
export async function startChromium(): Promise<Chromium> {
  // Chromium's own sandbox does not work for root.
  const asRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({ executablePath: serverPath('chromium'), args: QUIET, chromiumSandbox: !asRoot });
  return new Chromium(browser);
}
