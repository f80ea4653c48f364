/**
 * The shapes of blocks and views, from the schemas generated out of @slack/types in ../shared/contracts. Where that folder is absent shapes are not checked, and it is said once.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

import { isObject, objectAt, objectsAt, stringAt, type JsonObject } from './json.js';
import type { Fault } from './violations.js';

const FOLDER = resolve(import.meta.dirname, '../../../../shared/contracts');
const BLOCKS_FILE = 'slack-knownblock.schema.json';
const VIEW_FILE = 'slack-modalview.schema.json';

class Contract {
  private readonly ajv: Ajv;
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(
    private readonly name: string,
    private readonly schema: JsonObject,
  ) {
    // The schemas are generated; their unknown keywords and loose unions are not ours to mend. The other options make compiling three times faster, which counts for more here than checking.
    this.ajv = new Ajv({ strict: false, logger: false, validateSchema: false, inlineRefs: false, code: { optimize: false } });
    this.ajv.addSchema(schema, name);
  }

  membersOf(union: string): readonly string[] {
    return objectsAt(objectAt(objectAt(this.schema, 'definitions'), union), 'anyOf').map((member) => (stringAt(member, '$ref') ?? '').replace('#/definitions/', ''));
  }

  /** Name of the definition among a union's members whose `type` is this word. */
  memberFor(union: string, type: string): string | undefined {
    return this.membersOf(union).find((member) => {
      const properties = objectAt(objectAt(objectAt(this.schema, 'definitions'), member), 'properties');
      return stringAt(objectAt(properties, 'type'), 'const') === type;
    });
  }

  check(definition: string, value: unknown): readonly ErrorObject[] {
    let validate = this.compiled.get(definition);
    if (!validate) {
      validate = this.ajv.compile({ $ref: `${this.name}#/definitions/${definition}` });
      this.compiled.set(definition, validate);
    }
    return validate(value) ? [] : (validate.errors ?? []);
  }
}

const loaded = new Map<string, Contract | undefined>();

function contract(file: string): Contract | undefined {
  if (loaded.has(file)) return loaded.get(file);
  const path = resolve(FOLDER, file);
  const found = existsSync(path) ? new Contract(file, withoutBlocks(JSON.parse(readFileSync(path, 'utf8')) as JsonObject)) : undefined;
  if (!found) console.warn(`[slack-server] ${path} is absent: shapes of blocks and views are not checked, lengths are`);
  loaded.set(file, found);
  return found;
}

/** A modal's blocks are checked by the other schema; compiling them twice would take twice as long. */
function withoutBlocks(schema: JsonObject): JsonObject {
  const definitions = objectAt(schema, 'definitions') ?? {};
  const modal = objectAt(definitions, 'ModalView');
  if (!modal) return schema;
  return { ...schema, definitions: { ...definitions, ModalView: { ...modal, properties: { ...objectAt(modal, 'properties'), blocks: { type: 'array' } } } } };
}

/** Whether shapes are checked at all. */
export function contractsArePresent(): boolean {
  return existsSync(resolve(FOLDER, BLOCKS_FILE)) && existsSync(resolve(FOLDER, VIEW_FILE));
}

/** What is wrong with the shape of one block. */
export function shapeOfBlock(block: unknown, pointer: string): Fault[] {
  const known = contract(BLOCKS_FILE);
  if (!isObject(block)) return [{ pointer, message: 'must be an object' }];
  const type = stringAt(block, 'type');
  if (!known) return type === undefined ? [{ pointer, message: 'missing required field: type' }] : [];
  const definition = type === undefined ? undefined : known.memberFor('KnownBlock', type);
  if (definition === undefined) return [{ pointer: `${pointer}/type`, message: `unsupported type: ${type ?? '(none)'}` }];
  return asFaults(known.check(definition, block), pointer);
}

/** What is wrong with the shape of a modal; its blocks are looked at one by one, which says more than "none of 20 fits". */
export function shapeOfModal(view: JsonObject): Fault[] {
  const known = contract(VIEW_FILE);
  return known ? asFaults(known.check('ModalView', view), '/view') : [];
}

/** Compiles what will be needed, once per process: hundreds of milliseconds that would otherwise count against the app's first post. */
export function warmUp(): void {
  const blocks = contract(BLOCKS_FILE);
  for (const definition of blocks?.membersOf('KnownBlock') ?? []) blocks?.check(definition, {});
  contract(VIEW_FILE)?.check('ModalView', {});
}

/** The deepest errors: of a union that failed, those of the member that came furthest. */
function asFaults(errors: readonly ErrorObject[], pointer: string): Fault[] {
  const depth = (error: ErrorObject): number => error.instancePath.split('/').length;
  const deepest = Math.max(0, ...errors.map(depth));
  const telling = errors.filter((error) => depth(error) === deepest);
  const seen = new Set<string>();
  return telling.flatMap((error) => {
    const detail = Object.entries(error.params as Record<string, unknown>).map(([key, value]) => `${key}=${String(value)}`).join(', ');
    const fault = { pointer: pointer + error.instancePath, message: `${error.message ?? error.keyword}${detail === '' ? '' : ` (${detail})`}` };
    const key = `${fault.pointer} ${fault.message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [fault];
  });
}
