/** The web desk as a person with a browser that runs no script meets it: pages are read, forms are sent. */
import { parse, type HTMLElement } from 'node-html-parser';

import type { Desk } from '../../src/core/model.js';
import { openWebDesk, PASSWORD, type WebDesk } from '../web/web-desk.js';
import { STRANGER, type ChatUnderTest, type SeenAnswer, type SeenForm } from './chat-contract.js';

const ORIGIN = 'https://desk.example';

export async function openWebChat(over?: Partial<Desk>): Promise<ChatUnderTest> {
  const desk = await openWebDesk(over);
  const people = new Map<string, Browser>();
  const browserOf = async (agent: string): Promise<Browser> => {
    const known = people.get(agent);
    if (known) return known;
    const browser = new Browser(desk);
    people.set(agent, browser);
    if (agent !== STRANGER) await browser.logIn(`${agent}@desk.example`);
    return browser;
  };

  const write: ChatUnderTest['write'] = async (agent, number, text) => {
    const browser = await browserOf(agent);
    const page = await browser.get(`/c/${number}`);
    const composer = page.querySelector('#composer-form');
    // Somebody who may only read has no composer; what they send all the same is refused.
    const fields = composer ? fieldsOf(composer) : { _csrf: page.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '' };
    return answer(browser, await browser.send({ action: `/c/${number}/do/note`, fields: { ...fields, mode: 'note', note: text } }));
  };

  return {
    desk: desk.under,
    settle: () => desk.under.settle(),

    async card(agent, number) {
      const browser = await browserOf(agent);
      const conversation = await desk.under.conversation(number);
      const list = await browser.get(conversation.status === 'open' ? '/' : `/view/${conversation.status}`);
      const card = list.querySelector(`#card-${number}`);
      if (!card || !conversation.channelId) return undefined;
      const page = await browser.get(`/c/${number}`);
      return {
        text: [words(card), words(page.querySelector('#conv-head')), words(page.querySelector('#presence'))].join('\n'),
        press: async (verb, args) => answer(browser, await browser.send(formFor(page, `/c/${number}/do/${verb}`, args))),
        open: async () => formOn(browser, page, number),
      };
    },

    async thread(agent, number) {
      const page = await (await browserOf(agent)).get(`/c/${number}`);
      return page.querySelectorAll('#thread > li').map(words);
    },

    async told(agent) {
      const page = await (await browserOf(agent)).get('/notices');
      return page.querySelectorAll('#notices > li').map(words).toReversed();
    },

    write,
    command: (agent, words, beside) => write(agent, beside, `/${words}`),

    async hold(agent, number, verb) {
      const browser = await browserOf(agent);
      const page = await browser.get(`/c/${number}`);
      const box = { reply: 'answer', draft: 'answer', note: 'note' }[verb];
      const composer = page.querySelector('#composer-form');
      if (box && composer) {
        const fields = fieldsOf(composer);
        return async ({ text = '' }) => answer(browser, await browser.send({ action: `/c/${number}/do/${verb}`, fields: { ...fields, mode: box, [box]: text } }));
      }
      const customer = page.querySelector('.facts__cust')?.getAttribute('href') ?? '';
      const here = page.querySelector(`form[action="/c/${number}/do/${verb}"]`);
      const form = here ? formFor(page, `/c/${number}/do/${verb}`) : formFor(await browser.get(customer), `${customer}/do/${verb}`);
      return async (values) => answer(browser, await browser.send({ ...form, fields: { ...form.fields, ...values } }));
    },

    close: () => desk.close(),
  };
}

interface Filled {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** One person's browser: keeps cookies, follows redirects, runs no script. */
class Browser {
  readonly #desk: WebDesk;
  readonly #cookies = new Map<string, string>();

  constructor(desk: WebDesk) {
    this.#desk = desk;
  }

  async logIn(email: string): Promise<void> {
    const page = await this.get('/login?lang=en');
    const form = page.querySelector('form[action="/login"]');
    if (!form) throw new Error('no login form');
    await this.send({ action: '/login', fields: { ...fieldsOf(form), email, password: PASSWORD } });
  }

  get(path: string): Promise<HTMLElement> {
    return this.#request(path, {});
  }

  send({ action, fields }: Filled): Promise<HTMLElement> {
    return this.#request(action, { method: 'POST', body: new URLSearchParams(fields), headers: { Origin: ORIGIN } });
  }

  async #request(path: string, init: RequestInit): Promise<HTMLElement> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#desk.app.request(path, { ...init, headers: { ...(init.headers as Record<string, string> | undefined), Cookie: cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get('Location');
    if (location) return this.get(location);
    return parse(await response.text());
  }
}

const words = (element: HTMLElement | null): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

function fieldsOf(form: HTMLElement): Record<string, string> {
  return Object.fromEntries([
    ...form.querySelectorAll('input[type=hidden]').map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']),
    ...form.querySelectorAll('textarea').map((area) => [area.getAttribute('name') ?? '', area.textContent]),
  ]) as Record<string, string>;
}

/** The form behind a button, with the values that tell it from its likes. */
function formFor(page: HTMLElement, action: string, args: Readonly<Record<string, string>> = {}): Filled {
  const form = page.querySelectorAll(`form[action="${action}"]`).find((one) => Object.entries(args).every(([name, value]) => one.querySelector(`input[name="${name}"]`)?.getAttribute('value') === value));
  if (!form) throw new Error(`no button for ${action}`);
  return { action, fields: { ...fieldsOf(form), ...args } };
}

/** The composer in its answer mode. Opening it tells colleagues. */
async function formOn(browser: Browser, page: HTMLElement, number: number): Promise<SeenForm> {
  const composer = page.querySelector('#composer-form');
  if (!composer) throw new Error('no composer');
  const fields = fieldsOf(composer);
  await browser.send({ action: `/c/${number}/presence`, fields: { _csrf: fields['_csrf'] ?? '', state: 'begin' } });
  return {
    text: words(composer),
    // It is filled into the box, where it can be changed.
    choose: async (template) => formOn(browser, await browser.get(`/c/${number}?template=${template}`), number),
    submit: async ({ text = '' }) => answer(browser, await browser.send({ action: `/c/${number}/do/reply`, fields: { ...fields, mode: 'answer', answer: text } })),
  };
}

function answer(browser: Browser, page: HTMLElement): SeenAnswer {
  const composer = page.querySelector('#composer-form');
  const anyway = page.querySelector('#send-anyway');
  const kept = composer?.querySelector('#text')?.textContent;
  return {
    // Whoever is not logged in is shown the login instead.
    text: [words(page.querySelector('#said') ?? page.querySelector('main')), anyway ? words(page.querySelector('#thread')) : ''].join('\n'),
    isPrivate: true,
    kept: kept === '' ? undefined : kept,
    anyway:
      anyway && composer
        ? async () => answer(browser, await browser.send({ action: anyway.getAttribute('formaction') ?? '', fields: { ...fieldsOf(composer), mode: 'answer', seen: anyway.getAttribute('value') ?? '' } }))
        : undefined,
  };
}
