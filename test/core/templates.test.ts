import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTemplate, TEMPLATE_VARIABLES, unknownVariables, type TemplateValues } from '../../src/core/templates.js';

const VALUES: TemplateValues = {
  'customer.name': 'Katarzyna Wójcik', 'customer.firstName': 'Katarzyna', 'customer.email': 'k@poczta.example', 'agent.name': 'Marek Kos', 'agent.firstName': 'Marek', 'conversation.number': '1042',
  'conversation.subject': 'Kubek', 'conversation.date': '17 listopada 2025', 'mailbox.name': 'Glinka', 'mailbox.address': 'sklep@glinka.example', date: '18 listopada 2025', 'date.weekday': 'wtorek',
  'date.tomorrow': '19 listopada 2025', 'date.nextWorkday': 'środa 19 listopada', 'date.inAWeek': '25 listopada 2025',
};

describe('fillTemplate', () => {
  it('fills in every variable there is', () => {
    const body = TEMPLATE_VARIABLES.map((name) => `{{${name}}} {{ ${name} }}`).join('\n');
    const { text, unknown } = fillTemplate(body, VALUES);
    expect(unknown).toEqual([]);
    for (const value of Object.values(VALUES)) expect(text).toContain(`${value} ${value}`);
  });

  it('falls back where there is no value, on nothing too if that is said', () => {
    const nameless = { ...VALUES, 'customer.firstName': '' };
    expect(fillTemplate('Hi {{customer.firstName|there}}', nameless)).toEqual({ text: 'Hi there', unknown: [] });
    expect(fillTemplate('Hi {{customer.firstName|there}}', VALUES)).toEqual({ text: 'Hi Katarzyna', unknown: [] });
    expect(fillTemplate('Hi{{customer.firstName|}}', nameless)).toEqual({ text: 'Hi', unknown: [] });
  });

  it('names what does not exist or is empty, each once, and leaves it in sight', () => {
    expect(fillTemplate('{{nope}} {{customer.name}} {{nope}} {{customer.fistName|x}} {{}}', { ...VALUES, 'customer.name': ' ' })).toEqual({
      text: '{{nope}} {{customer.name}} {{nope}} {{customer.fistName|x}} {{}}', unknown: ['nope', 'customer.name', 'customer.fistName', ''],
    });
    expect(fillTemplate('{{constructor}}', VALUES).unknown).toEqual(['constructor']);
  });

  it('takes values literally: they bring neither variables nor lines nor replacement signs', () => {
    const hostile = { ...VALUES, 'customer.name': '{{agent.name}} $& $1\r\nBcc: x\u2028y' };
    expect(fillTemplate('Hi {{customer.name}}', hostile)).toEqual({ text: 'Hi {{agent.name}} $& $1 Bcc: x y', unknown: [] });
  });

  it('leaves text without variables as it is', () => {
    fc.assert(fc.property(fc.string().filter((body) => !body.includes('{{')), (body) => {
      expect(fillTemplate(body, VALUES)).toEqual({ text: body, unknown: [] });
    }));
  });

  it('reads any text quickly', () => {
    const started = performance.now();
    fillTemplate('{{'.repeat(100_000) + 'a'.repeat(100_000), VALUES);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('unknownVariables', () => {
  it('tells mistakes in a template before it is used', () => {
    expect(unknownVariables('{{customer.name}} {{customer.fistName|there}} {{x}}{{x}}')).toEqual(['customer.fistName', 'x']);
  });
});
