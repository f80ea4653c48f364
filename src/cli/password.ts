import { createInterface } from 'node:readline/promises';

import { hashPassword, MIN_PASSWORD_CHARS } from '../web/passwords.js';
import { CommandLineError, print, withHouse } from './setting.js';

/** `goniec password anna@example.com`: asks for it, or takes the first line of standard input. */
export async function setPassword(email: string): Promise<void> {
  await withHouse(async ({ store }) => {
    const agent = await store.desk.agentByEmail(email.toLowerCase());
    if (!agent) throw new CommandLineError(`There is no agent with the address ${email}. Agents are described in desk.yaml.`);
    const password = await ask(`New password for ${agent.name}: `);
    if (password.length < MIN_PASSWORD_CHARS) throw new CommandLineError(`Too short: a password has at least ${MIN_PASSWORD_CHARS} characters.`);
    const hash = await hashPassword(password);
    await store.transaction((tx) => tx.desk.setPasswordHash(agent.id, hash));
    print(`${agent.name} can log in with the new password.`);
  });
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  if (process.stdin.isTTY) process.stderr.write(question);
  try {
    for await (const line of lines) return line.trim();
    return '';
  } finally {
    lines.close();
  }
}
