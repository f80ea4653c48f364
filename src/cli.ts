/**
 * goniec <verb>: the command line. Answers go to standard output, everything else to standard error. Each verb loads only what it needs.
 */
import { Command } from 'commander';

import { CommandLineError } from './cli/setting.js';
import { VERSION } from './cli/version.js';
import { ConfigError } from './config.js';

/** The file of a verb is loaded when the verb is said. */
const lazily =
  <Words extends unknown[]>(load: () => Promise<(...words: Words) => unknown>) =>
  async (...words: Words): Promise<void> => {
    await (await load())(...words);
  };

const program = new Command('goniec').description('Answers customer e-mail from the team chat you already live in.').version(VERSION).showHelpAfterError().showSuggestionAfterError();

program.command('start').description('run the desk: take mail in, show it, send answers').action(lazily(async () => (await import('./cli/start.js')).runStart));
program
  .command('demo')
  .description('run the whole product on sample data: no account, no server needed')
  .option('--port <port>', 'port of the web desk', '3000')
  .option('--inbound-port <port>', 'port of inbound SMTP', '2525')
  .option('--fresh', 'forget what was done in the demo and begin anew')
  .action(lazily(async () => (await import('./cli/demo.js')).runDemo));
program.command('doctor').description('check settings, database, mailboxes and channels, and say what to do').option('--json', 'as JSON').action(lazily(async () => (await import('./cli/doctor.js')).runDoctor));
program.command('audit').description('compare mail servers, ledger, store and chat, and say what is missing').option('--repair', 'put right what needs no person').option('--json', 'as JSON').action(lazily(async () => (await import('./cli/audit.js')).runAudit));
program.command('backup').argument('<folder>', 'where to; an earlier backup there is brought up to date').description('back up database, mail and files, while the desk runs').option('--json', 'as JSON').action(lazily(async () => (await import('./cli/backup.js')).runBackup));
program.command('restore').argument('<folder>', 'a backup').description('put a backup into an empty data folder').option('--force', 'move aside what is there').option('--json', 'as JSON').action(lazily(async () => (await import('./cli/backup.js')).runRestore));
program.command('rotate-secret').description('seal stored passwords with NEW_APP_SECRET (from the environment) instead of APP_SECRET').action(lazily(async () => (await import('./cli/rotate-secret.js')).rotateSecret));
program.command('apply').argument('[file]', 'description of the desk', 'desk.yaml').description('show what desk.yaml changes, then change it').option('--dry-run', 'only show').action(lazily(async () => (await import('./cli/apply.js')).applyDeskFile));
program.command('export').description('print the present desk as desk.yaml').action(lazily(async () => (await import('./cli/export.js')).printDesk));
program.command('conversation').argument('<number>', 'of the conversation').argument('<file>', 'where to: .html (to read and print) or .zip (its mails as .eml)').description('save one conversation as a file').option('--notes', 'with notes and events of the team: not for customers').action(lazily(async () => (await import('./cli/conversation.js')).saveConversation));
program.command('replay').argument('<file>', 'a mail as .eml').description('take a saved mail in as if it had just come').option('--mailbox <key>', 'mailbox that it came to').action(lazily(async () => (await import('./cli/replay.js')).replayMail));
program.command('password').argument('<email>', 'address of the agent').description('set the password of an agent for the web desk').action(lazily(async () => (await import('./cli/password.js')).setPassword));
program.command('commands').description('print the verbs that staff can say').option('--json', 'as JSON').action(lazily(async () => (await import('./cli/commands.js')).printCommands));

const rules = program.command('rules').description('routing rules');
rules.command('test').argument('<file>', 'a mail as .eml').description('explain which rules a mail would fit, and why').option('--json', 'as JSON').option('--mailbox <key>', 'mailbox that it came to').option('--desk <file>', 'rules of this desk.yaml instead of the present desk').action(lazily(async () => (await import('./cli/rules-test.js')).testRules));

program.command('slack').description('setting Slack up').command('manifest').description('print the description that Slack makes the app from').option('--json', 'as JSON').option('--http <url>', 'for HTTP instead of Socket Mode: where Slack sends to').option('--user-groups', 'user groups of Slack say who works here').action(lazily(async () => (await import('./cli/slack-manifest.js')).printSlackManifest));

program.command('discord').description('setting Discord up').command('invite').description('print the link that lets the bot into a server, with just the rights it uses').action(lazily(async () => (await import('./cli/discord-invite.js')).printInvite));

const quarantine = program.command('quarantine').description('mail that is held because it could not be processed');
quarantine.command('list', { isDefault: true }).description('list what is held').option('--json', 'as JSON').action(lazily(async () => (await import('./cli/quarantine.js')).listQuarantine));
quarantine.command('show').argument('<id>').description('print why a mail is held, and its source').action(lazily(async () => (await import('./cli/quarantine.js')).showQuarantined));
quarantine.command('retry').argument('<id>', 'or: all').description('read a held mail again').action(lazily(async () => (await import('./cli/quarantine.js')).retryQuarantine));
quarantine.command('save').argument('<id>').argument('<file>').description('save a held mail as .eml').action(lazily(async () => (await import('./cli/quarantine.js')).saveQuarantined));

try {
  await program.parseAsync();
} catch (error) {
  // What a person can put right is said without a stack.
  const known = error instanceof CommandLineError || error instanceof ConfigError;
  console.error(known ? (error as Error).message : error);
  process.exitCode = 1;
}
