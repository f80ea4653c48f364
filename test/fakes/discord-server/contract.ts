/**
 * Every request against Discord's own OpenAPI description, where it is there, and against what the description wrongly lets through (design/platforms.md): the real service refuses
 * those with 400, so a test must not pass with them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { isJson, listIn, numberIn, objectIn, textIn, type Json } from './json.js';

const FILE = resolve(import.meta.dirname, '../../../../shared/contracts/discord-openapi.json');

const MAX_CONTENT_CHARS = 2_000;
/** Sum over all embeds of one message: title, description, names and values of fields, footer, author. */
const MAX_EMBED_CHARS = 6_000;
const MAX_EMBED_DESCRIPTION = 4_096;
const MAX_EMBED_TITLE = 256;
const MAX_FIELD_VALUE = 1_024;
const MAX_FIELDS = 25;
const MAX_FOOTER = 2_048;
const MAX_ROWS = 5;
const MAX_ROW_BUTTONS = 5;
const MAX_LABEL = 80;
const MAX_OPTIONS = 25;
const MAX_OPTION = 100;
const MAX_PLACEHOLDER = 150;
const MAX_CUSTOM_ID = 100;
const MAX_MODAL_PARTS = 5;
const MAX_TAGS = 5;
const MAX_COMMANDS = 100;
const MAX_COMMAND_CHARS = 8_000;
const MAX_NONCE_CHARS = 25;
const COMMAND_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const CHAT_INPUT = 1;

interface Operation {
  readonly pattern: RegExp;
  readonly pointer: string;
  readonly methods: Json;
}

interface Contract {
  readonly ajv: Ajv2020;
  readonly operations: readonly Operation[];
  readonly compiled: Map<string, ValidateFunction | undefined>;
}

let loaded: Contract | null | undefined;

function load(): Contract | null {
  if (loaded !== undefined) return loaded;
  if (!existsSync(FILE)) {
    console.warn(`[discord-server] ${FILE} is absent: requests are checked for limits, not for shape`);
    return (loaded = null);
  }
  const document = JSON.parse(readFileSync(FILE, 'utf8')) as Json;
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false, logger: false, validateSchema: false });
  ajv.addSchema({ ...document, $id: 'discord' });
  const operations = Object.entries(objectIn(document, 'paths')).map(([path, methods]) => ({
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '([^/]+)')}$`),
    pointer: path.replaceAll('~', '~0').replaceAll('/', '~1'),
    methods: isJson(methods) ? methods : {},
  }));
  // The ones without parameters first: "/messages/@original" is not a message id.
  operations.sort((left, right) => (left.pattern.source.match(/\(/g)?.length ?? 0) - (right.pattern.source.match(/\(/g)?.length ?? 0));
  return (loaded = { ajv, operations, compiled: new Map() });
}

/** What is wrong with a request; undefined when nothing is. `path` without /api/v10 and query. */
export function checkRequest(method: string, path: string, body: Json | readonly unknown[] | undefined): string | undefined {
  return checkShape(method, path, body) ?? checkLimits(method, path, body);
}

function checkShape(method: string, path: string, body: unknown): string | undefined {
  const contract = load();
  if (!contract) return undefined;
  const verb = method.toLowerCase();
  const operation = contract.operations.find(({ pattern, methods }) => pattern.test(path) && isJson(methods[verb]));
  if (!operation) return `${method} ${path} is not in the contract`;
  const schema = objectIn(objectIn(objectIn(operation.methods[verb], 'requestBody'), 'content'), 'application/json')['schema'];
  if (schema === undefined) return body === undefined ? undefined : `${method} ${path} takes no body`;
  if (body === undefined) return objectIn(operation.methods[verb], 'requestBody')['required'] === true ? `${method} ${path} needs a body` : undefined;
  const pointer = `discord#/paths/${encodeURIComponent(operation.pointer)}/${verb}/requestBody/content/application~1json/schema`;
  if (!contract.compiled.has(pointer)) contract.compiled.set(pointer, contract.ajv.compile({ $ref: pointer }));
  const validate = contract.compiled.get(pointer);
  return validate?.(body) === false ? `${method} ${path}: ${contract.ajv.errorsText(validate.errors).slice(0, 600)}` : undefined;
}

function checkLimits(method: string, path: string, body: unknown): string | undefined {
  const problems: string[] = [];
  const say = (wrong: boolean, what: string): void => {
    if (wrong) problems.push(what);
  };
  const checkMenu = (menu: Json, inRow: number): void => {
    const options = listIn(menu, 'options');
    say(inRow > 1, 'a menu beside something in a row');
    say(options.length === 0 || options.length > MAX_OPTIONS, 'options of a menu');
    say(options.some((option) => !textIn(option, 'label') || [textIn(option, 'label'), textIn(option, 'value')].some((text) => (text ?? '').length > MAX_OPTION)), 'an option of a menu');
    say(new Set(options.map((option) => textIn(option, 'value'))).size !== options.length, 'two options of one value');
    say((textIn(menu, 'placeholder') ?? '').length > MAX_PLACEHOLDER, 'placeholder of a menu');
  };
  const checkMessage = (message: Json, isNew: boolean): void => {
    say((textIn(message, 'content') ?? '').length > MAX_CONTENT_CHARS, `content over ${MAX_CONTENT_CHARS}`);
    const embeds = listIn(message, 'embeds');
    say(embeds.reduce((sum, embed) => sum + embedChars(embed), 0) > MAX_EMBED_CHARS, `embeds over ${MAX_EMBED_CHARS} in sum`);
    for (const embed of embeds) {
      say((textIn(embed, 'title') ?? '').length > MAX_EMBED_TITLE, 'embed title');
      say((textIn(embed, 'description') ?? '').length > MAX_EMBED_DESCRIPTION, 'embed description');
      say((textIn(objectIn(embed, 'footer'), 'text') ?? '').length > MAX_FOOTER, 'embed footer');
      say((textIn(objectIn(embed, 'author'), 'name') ?? '').length > MAX_EMBED_TITLE, 'embed author');
      say(listIn(embed, 'fields').length > MAX_FIELDS || listIn(embed, 'fields').some((field) => (textIn(field, 'value') ?? '').length > MAX_FIELD_VALUE), 'embed fields');
    }
    const rows = listIn(message, 'components');
    say(rows.length > MAX_ROWS, 'component rows');
    const ids = new Set<string>();
    for (const row of rows) {
      const parts = listIn(row, 'components');
      say(parts.length === 0 || parts.length > MAX_ROW_BUTTONS, 'buttons in a row');
      for (const part of parts) {
        const id = textIn(part, 'custom_id');
        say(id !== undefined && (id.length > MAX_CUSTOM_ID || id.length === 0), `custom_id ${id ?? ''}`);
        say(id !== undefined && ids.has(id), `custom_id twice: ${id ?? ''}`);
        if (id) ids.add(id);
        say((textIn(part, 'label') ?? '').length > MAX_LABEL, 'button label');
        say(part['type'] === 2 && !textIn(part, 'label'), 'button without label');
        if (part['type'] === 3) checkMenu(part, parts.length);
      }
    }
    say((textIn(message, 'nonce') ?? '').length > MAX_NONCE_CHARS, 'nonce');
    if (isNew) say(!textIn(message, 'content') && embeds.length === 0 && rows.length === 0 && listIn(message, 'attachments').length === 0, 'an empty message');
    // Not a rule of Discord's but of ours: nothing that comes from outside may ever ping anybody.
    const mentions = message['allowed_mentions'];
    const hasText = Boolean(textIn(message, 'content')) || embeds.length > 0;
    say(hasText && !(isJson(mentions) && Array.isArray(mentions['parse']) && mentions['parse'].length === 0 && !mentions['users'] && !mentions['roles']), 'allowed_mentions is not none');
  };

  if (isJson(body)) {
    if (/\/messages(\/[^/]+)?$/.test(path)) checkMessage(body, method === 'POST');
    if (/^\/webhooks\/\d+\/[^/]+$/.test(path)) checkMessage(body, true);
    if (/\/callback$/.test(path)) {
      const data = objectIn(body, 'data');
      if (body['type'] === 4 || body['type'] === 7) checkMessage(data, true);
      if (body['type'] === 9) {
        say(listIn(data, 'components').length > MAX_MODAL_PARTS, 'modal over five components');
        say((textIn(data, 'title') ?? '').length > 45, 'modal title');
        for (const label of listIn(data, 'components')) say((numberIn(objectIn(label, 'component'), 'max_length') ?? 0) > 4_000 || (textIn(objectIn(label, 'component'), 'value') ?? '').length > 4_000, 'modal input');
      }
      if (body['type'] === 8) say(listIn(data, 'choices').length > 25, 'over 25 choices');
    }
    if (isJson(body['message'])) checkMessage(body['message'], true);
    say(Array.isArray(body['applied_tags']) && body['applied_tags'].length > MAX_TAGS, 'over five tags');
    say((textIn(body, 'name') ?? '').length > 100, 'thread name');
  }
  if (Array.isArray(body) && /\/commands$/.test(path)) {
    const commands = body.filter(isJson);
    say(commands.filter((command) => (command['type'] ?? CHAT_INPUT) === CHAT_INPUT).length > MAX_COMMANDS, 'over 100 commands');
    say(new Set(commands.map((command) => `${numberIn(command, 'type') ?? CHAT_INPUT} ${textIn(command, 'name') ?? ''}`)).size !== commands.length, 'two commands of one name');
    for (const command of commands) {
      const name = textIn(command, 'name') ?? '';
      const isTyped = (command['type'] ?? CHAT_INPUT) === CHAT_INPUT;
      say(isTyped && (!COMMAND_NAME.test(name) || name !== name.toLowerCase()), `command name ${name}`);
      say(isTyped && !textIn(command, 'description'), `command ${name} without description`);
      say(commandChars(command) > MAX_COMMAND_CHARS, `command ${name} over ${MAX_COMMAND_CHARS}`);
      const required = listIn(command, 'options').map((option) => option['required'] === true);
      say(required.some((isRequired, index) => isRequired && required[index - 1] === false), `command ${name}: a required option after an optional one`);
      for (const option of listIn(command, 'options')) {
        say(!COMMAND_NAME.test(textIn(option, 'name') ?? ''), `option name ${textIn(option, 'name') ?? ''}`);
        say((textIn(option, 'description') ?? '').length > 100 || !textIn(option, 'description'), `option description of ${name}`);
      }
    }
  }
  return problems.length > 0 ? `${method} ${path}: ${problems.join('; ')}` : undefined;
}

function embedChars(embed: Json): number {
  const fields = listIn(embed, 'fields').map((field) => `${textIn(field, 'name') ?? ''}${textIn(field, 'value') ?? ''}`);
  return [textIn(embed, 'title'), textIn(embed, 'description'), textIn(objectIn(embed, 'footer'), 'text'), textIn(objectIn(embed, 'author'), 'name'), ...fields].join('').length;
}

function commandChars(command: Json): number {
  const own = `${textIn(command, 'name') ?? ''}${textIn(command, 'description') ?? ''}`.length;
  return own + listIn(command, 'options').reduce((sum, option) => sum + `${textIn(option, 'name') ?? ''}${textIn(option, 'description') ?? ''}`.length, 0);
}
