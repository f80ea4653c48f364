import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTemplate, TEMPLATE_VARIABLES, unknownVariables, type TemplateValues } from '../../src/core/templates.js';

const VALUES: TemplateValues = {
  'customer.name': 'Katarzyna Wójcik', 'customer.firstName': 'Katarzyna', 'customer.email': 'k@poczta.example', 'agent.name': 'Marek Kos', 'agent.firstName': 'Marek', 'conversation.number': '1042',
  'conversation.subject': 'Kubek', 'mailbox.name': 'Glinka', 'mailbox.address': 'sklep@glinka.example', date: '18 listopada 2025',
};

describe('renderTemplate', () => {
  it('fills in every variable there is', () => {
    const body = Object.keys(TEMPLATE_VARIABLES).map((name) => `{{${name}}} {{ ${name} }}`).join('\n');
    const rendered = renderTemplate(body, VALUES);
    expect(rendered).toHaveProperty('text');
    for (const value of Object.values(VALUES)) expect('text' in rendered && rendered.text).toContain(`${value} ${value}`);
  });

  it('falls back where there is no value, on nothing too if that is said', () => {
    const nameless = { ...VALUES, 'customer.firstName': '' };
    expect(renderTemplate('Hi {{customer.firstName|there}}', nameless)).toEqual({ text: 'Hi there' });
    expect(renderTemplate('Hi {{customer.firstName|there}}', VALUES)).toEqual({ text: 'Hi Katarzyna' });
    expect(renderTemplate('Hi{{customer.firstName|}}', nameless)).toEqual({ text: 'Hi' });
  });

  it('is stopped by what does not exist or is empty, and names each once', () => {
    expect(renderTemplate('{{nope}} {{customer.name}} {{nope}} {{customer.fistName|x}} {{}}', { ...VALUES, 'customer.name': ' ' })).toEqual({ unknown: ['nope', 'customer.name', 'customer.fistName', ''] });
    expect(renderTemplate('{{constructor}}', VALUES)).toEqual({ unknown: ['constructor'] });
  });

  it('takes values literally: they bring neither variables nor lines nor replacement signs', () => {
    const hostile = { ...VALUES, 'customer.name': '{{agent.name}} $& $1\r\nBcc: x\u2028y' };
    expect(renderTemplate('Hi {{customer.name}}', hostile)).toEqual({ text: 'Hi {{agent.name}} $& $1 Bcc: x y' });
  });

  it('leaves text without variables as it is', () => {
    fc.assert(fc.property(fc.string().filter((body) => !body.includes('{{')), (body) => {
      expect(renderTemplate(body, VALUES)).toEqual({ text: body });
    }));
  });

  it('reads any text quickly', () => {
    const started = performance.now();
    renderTemplate('{{'.repeat(100_000) + 'a'.repeat(100_000), VALUES);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('unknownVariables', () => {
  it('tells mistakes in a template before it is used', () => {
    expect(unknownVariables('{{customer.name}} {{customer.fistName|there}} {{x}}{{x}}')).toEqual(['customer.fistName', 'x']);
  });
});
