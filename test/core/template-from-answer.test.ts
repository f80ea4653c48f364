import { describe, expect, it } from 'vitest';
import { templateFromAnswer } from '../../src/core/template-from-answer.js';
import { fillTemplate, TEMPLATE_VARIABLES, type TemplateValues } from '../../src/core/templates.js';

const VALUES: TemplateValues = {
  ...(Object.fromEntries(TEMPLATE_VARIABLES.map((name) => [name, ''])) as Record<(typeof TEMPLATE_VARIABLES)[number], string>),
  'customer.name': 'Anna Nowak', 'customer.firstName': 'Anna', 'customer.email': 'anna@customer.example', 'agent.name': 'Marek Kos', 'agent.firstName': 'Marek', 'conversation.number': '42',
};

describe('a template made of an answer', () => {
  it('has variables where the answer spoke of this customer, this agent and this conversation', () => {
    const answer = 'Hello Anna,\n\nyour number is #42 (not #421). We write to anna@customer.example.\n\nMarek\nMarek Kos for Anna Nowak';
    const body = templateFromAnswer(answer, VALUES, 'there');
    expect(body).toBe('Hello {{customer.firstName|there}},\n\nyour number is #{{conversation.number}} (not #421). We write to {{customer.email}}.\n\n{{agent.firstName}}\n{{agent.name}} for {{customer.name}}');
    expect(fillTemplate(body, VALUES)).toEqual({ text: answer, unknown: [] });
  });

  it('leaves words alone that only contain a name, and names too short to be sure of', () => {
    expect(templateFromAnswer('Annabel and Joanna, Al and All', { ...VALUES, 'agent.firstName': 'Al' }, 'there')).toBe('Annabel and Joanna, Al and All');
  });

  it('keeps variables that are there already', () => {
    expect(templateFromAnswer('Hello {{customer.firstName|Anna}}', VALUES, '')).toBe('Hello {{customer.firstName|Anna}}');
  });
});
