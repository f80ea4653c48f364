/** Somebody with a browser that keeps cookies and fills in forms, without a browser. */
import type { WebDesk } from './web-desk.js';
import { PASSWORD } from './web-desk.js';

export interface Visit {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it leads, when it leads elsewhere. */
  readonly location: string | null;
}

export class Visitor {
  readonly cookies = new Map<string, string>();
  constructor(
    readonly desk: WebDesk,
    readonly origin = 'https://desk.example',
  ) {}

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Visit> {
    return this.#send(path, { headers });
  }

  async post(path: string, fields: Readonly<Record<string, string>> | FormData, headers: Readonly<Record<string, string>> = {}): Promise<Visit> {
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
    return this.#send(path, { method: 'POST', body, headers: { Origin: this.origin, ...headers } });
  }

  /** The token that forms of this page carry. */
  async csrf(path = '/'): Promise<string> {
    return hidden((await this.get(path)).text, '_csrf');
  }

  async login(email: string, password = PASSWORD): Promise<Visit> {
    return this.post('/login', { _csrf: await this.csrf('/login'), email, password });
  }

  /** Presses a button of a conversation as its page shows it. */
  async press(number: number, verb: string, fields: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<Visit> {
    const page = (await this.get(`/c/${number}`)).text;
    return this.post(`/c/${number}/do/${verb}`, { _csrf: hidden(page, '_csrf'), revision: hidden(page, 'revision'), once: hidden(page, 'once') + verb, ...fields }, headers);
  }

  async #send(path: string, init: RequestInit & { headers: Readonly<Record<string, string>> }): Promise<Visit> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.desk.app.request(`${this.origin}${path}`, { ...init, headers: { Host: new URL(this.origin).host, ...(cookie && { Cookie: cookie }), ...init.headers } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0/i.test(line)) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return { status: response.status, headers: response.headers, text: await response.text(), location: response.headers.get('Location') };
  }
}

export async function loggedIn(desk: WebDesk, email = 'marek@desk.example'): Promise<Visitor> {
  const visitor = new Visitor(desk);
  const visit = await visitor.login(email);
  if (visit.status !== 303) throw new Error(`login: ${visit.status}`);
  return visitor;
}

/** Value of the first hidden field of that name. */
export function hidden(html: string, name: string): string {
  const value = new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1] ?? new RegExp(`name="${name}" id="[^"]*" value="([^"]*)"`).exec(html)?.[1];
  if (value === undefined) throw new Error(`no field ${name}`);
  return value;
}
