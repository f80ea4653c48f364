/**
 * A member of staff with a browser, without the browser: logs in, reads pages, presses buttons. All that the harness says to the product and all that it counts in the chat
 * goes through here, over HTTP.
 */

export interface Visit {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
}

/** The product did not answer: it was killed, or is being started. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** A page that takes longer is no answer; the product itself ends requests after a minute. */
const REQUEST_MS = 70_000;

export class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly url: () => string,
    private readonly email: string,
    private readonly password: string,
  ) {}

  /** Reads a page, logged in. @throws NoAnswer */
  async page(path: string): Promise<Visit> {
    const visit = await this.send(path, {});
    if (visit.status !== 303 || !visit.location?.startsWith('/login')) return visit;
    await this.login();
    return this.send(path, {});
  }

  /** @throws NoAnswer */
  async post(path: string, fields: Readonly<Record<string, string>>): Promise<Visit> {
    return this.send(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  private async login(): Promise<void> {
    const form = await this.send('/login', {});
    await this.post('/login', { _csrf: field(form.text, '_csrf') ?? '', email: this.email, password: this.password, remember: 'yes' });
  }

  private async send(path: string, init: RequestInit): Promise<Visit> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.url()}${path}`, { ...init, redirect: 'manual', headers: { Cookie: cookie, Connection: 'close' }, signal: AbortSignal.timeout(REQUEST_MS) });
      text = await response.text();
    } catch (cause) {
      throw new NoAnswer(path, { cause });
    }
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return { status: response.status, text, location: response.headers.get('Location') ?? undefined };
  }
}

/** Value of the first hidden field of that name. */
export function field(html: string, name: string): string | undefined {
  return new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1];
}

/** A form of the page that posts to this address, as the fields it would send. */
export function formsTo(html: string, action: RegExp): readonly { readonly action: string; readonly fields: Readonly<Record<string, string>> }[] {
  return [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].flatMap(([, target = '', inner = '']) => {
    if (!action.test(target)) return [];
    const fields = [...inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const);
    return [{ action: target, fields: Object.fromEntries(fields) }];
  });
}
