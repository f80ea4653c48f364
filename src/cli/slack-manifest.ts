import { stringify } from 'yaml';

import { slackManifest } from '../bridges/slack/manifest.js';
import { loadEnvironment, VARIABLES } from '../config.js';
import { CommandLineError, print, printJson } from './setting.js';

/** `goniec slack manifest`: the description that Slack makes the app from. Nothing has to be configured for it. */
export function printSlackManifest(options: { json?: boolean; http?: string; userGroups?: boolean }): void {
  if (options.http !== undefined && !URL.canParse(options.http)) throw new CommandLineError(`--http needs the public address of Goniec, for example https://desk.example.com/slack/events`);
  const environment = loadEnvironment();
  const manifest = slackManifest({ requestUrl: options.http, reactions: (environment['SLACK_REACTIONS'] ?? VARIABLES.SLACK_REACTIONS.fallback) !== 'none', userGroups: options.userGroups === true || (environment['SLACK_STAFF']?.startsWith('S') ?? false) });
  if (options.json) return printJson(manifest);
  print(stringify(manifest).trimEnd());
}
