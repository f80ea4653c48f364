import { describe, expect, it } from 'vitest';
import type { AgentId, BlobHash, TemplateId } from '../../src/core/ids.js';
import type { Rule, Template, TemplateRecord } from '../../src/core/model.js';
import { formatKept, keepTemplates } from '../../src/deskfile/keep-templates.js';
import { formatPlan, planDesk } from '../../src/deskfile/plan.js';
import { aDesk, aTemplate, NOON } from '../support/samples.js';

const HELLO = aTemplate();
const saying = (body: string, over: Partial<Template> = {}): Template => aTemplate({ texts: [{ language: 'en', body }], ...over });
const record = (template: Template, over: Partial<TemplateRecord> = {}): TemplateRecord => ({ template, retired: false, described: template, changed: undefined, ...over });
const BY_MAREK = { at: NOON, by: 'marek' as AgentId };
const file = (...templates: Template[]) => aDesk({ templates });

describe('templates of desk.yaml and of the desk', () => {
  it('what was changed on the desk stays while the file says what it said before', () => {
    const changed = saying('Changed in chat');
    const { desk, kept } = keepTemplates(file(HELLO), [record(changed, { described: HELLO, changed: BY_MAREK })]);
    expect(desk.templates).toEqual([changed]);
    expect(kept).toEqual([{ template: changed, why: 'changed' }]);
  });

  it('what the file says anew is taken, and the plan shows what it replaces', () => {
    const changed = saying('Changed in chat');
    const fresh = saying('New in the file');
    const { desk, kept } = keepTemplates(file(fresh), [record(changed, { described: HELLO, changed: BY_MAREK })]);
    expect(desk.templates).toEqual([fresh]);
    expect(kept).toEqual([]);
    expect(formatPlan(planDesk(file(changed), desk), 'en')).toContain('texts.en: Changed in chat -> New in the file');
  });

  it('what was made on the desk stays, whatever the file does not know', () => {
    const made = aTemplate({ id: 'made' as TemplateId, name: 'Made here' });
    const { desk, kept } = keepTemplates(file(HELLO), [record(HELLO), record(made, { described: undefined, changed: BY_MAREK })]);
    expect(desk.templates).toEqual([HELLO, made]);
    expect(kept).toEqual([{ template: made, why: 'made' }]);
    expect(formatKept(kept, 'en')).toBe('\nLeft as the desk has it\n  = template made (Made here): made on the desk; goniec export prints it');
  });

  it('what the file no longer has goes', () => {
    expect(keepTemplates(file(), [record(HELLO)])).toEqual({ desk: file(), kept: [] });
  });

  it('what was retired stays so, until the file says something new of it or a rule needs it', () => {
    const retired = record(HELLO, { retired: true, changed: BY_MAREK });
    expect(keepTemplates(file(HELLO), [retired])).toEqual({ desk: file(), kept: [{ template: HELLO, why: 'retired' }] });
    const fresh = saying('New in the file');
    expect(keepTemplates(file(fresh), [retired]).desk.templates).toEqual([fresh]);
    const rule: Rule = { id: 'r' as never, name: 'r', position: 1, when: { always: true }, then: [{ acknowledge: HELLO.id }] };
    expect(keepTemplates({ ...file(HELLO), rules: [rule] }, [retired]).desk.templates).toEqual([HELLO]);
  });

  it('files stay with the template, since the file cannot describe them', () => {
    const files = [{ blob: 'a'.repeat(64) as BlobHash, fileName: 'form.pdf', contentType: 'application/pdf', bytes: 7 }];
    const { desk } = keepTemplates(file(saying('New in the file')), [record(aTemplate({ files }), { described: HELLO })]);
    expect(desk.templates).toEqual([saying('New in the file', { files })]);
  });

  it('before anything was written down of it, the file is believed', () => {
    const old = saying('From an older version');
    expect(keepTemplates(file(HELLO), [record(old, { described: undefined })])).toEqual({ desk: file(HELLO), kept: [] });
    expect(keepTemplates(file(), [record(old, { described: undefined })])).toEqual({ desk: file(), kept: [] });
  });
});
