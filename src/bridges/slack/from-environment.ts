/** Workspaces of Slack as the environment describes them. Further ones have a number behind the names of their variables: SLACK_BOT_TOKEN_2. */
import type { SlackSettings } from './settings.js';

const MOST_WORKSPACES = 9;

/** Checked values of the first workspace, and what all share. */
export interface SlackValues {
  readonly SLACK_BOT_TOKEN?: string | undefined;
  readonly SLACK_APP_TOKEN?: string | undefined;
  readonly SLACK_SIGNING_SECRET?: string | undefined;
  readonly SLACK_STAFF?: string | undefined;
  readonly SLACK_PORT: number;
  readonly SLACK_API_URL: string;
  readonly SLACK_ALLOW_GUESTS: boolean;
  readonly SLACK_REACTIONS: string;
  readonly HOST: string;
}

/** undefined: no workspace. @param environment without empty variables */
export function slackFromEnvironment(values: SlackValues, environment: Readonly<Record<string, string | undefined>>): readonly SlackSettings[] | undefined {
  const shared = { apiUrl: values.SLACK_API_URL.replace(/\/*$/, '/'), allowGuests: values.SLACK_ALLOW_GUESTS, reactions: readReactions(values.SLACK_REACTIONS) };
  const workspace = (name: string, of: (variable: string) => string | undefined, port: number): readonly SlackSettings[] => {
    const botToken = of('SLACK_BOT_TOKEN');
    if (botToken === undefined) return [];
    return [{ ...shared, name, botToken, appToken: of('SLACK_APP_TOKEN'), signingSecret: of('SLACK_SIGNING_SECRET'), staff: of('SLACK_STAFF'), http: { host: values.HOST, port: Number(of('SLACK_PORT') ?? port) } }];
  };
  const further = Array.from({ length: MOST_WORKSPACES - 1 }, (_, index) => index + 2);
  const all = [
    ...workspace('slack', (variable) => environment[variable], values.SLACK_PORT),
    ...further.flatMap((number) => workspace(`slack-${number}`, (variable) => environment[`${variable}_${number}`], values.SLACK_PORT + number - 1)),
  ];
  return all.length > 0 ? all : undefined;
}

/** "eyes=claim,white_check_mark=close", or "none". */
function readReactions(text: string): SlackSettings['reactions'] {
  return text === 'none' ? {} : Object.fromEntries(text.split(',').map((pair) => pair.trim().split('=') as [string, string]));
}
