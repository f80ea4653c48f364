/** What one workspace needs, as read from the environment. */
export interface SlackSettings {
  /** As channels in desk.yaml call it: 'slack', for further workspaces 'slack-2' ... */
  readonly name: string;
  /** xoxb-... */
  readonly botToken: string;
  /** xapp-...; with it Slack is reached by Socket Mode, without a public address. */
  readonly appToken: string | undefined;
  /** Without an app token, Slack reaches us by HTTP and signs with this. */
  readonly signingSecret: string | undefined;
  /** Where HTTP requests of Slack are taken, at /slack/events. */
  readonly http: { readonly host: string; readonly port: number };
  /** With a slash at the end; for tests and proxies. */
  readonly apiUrl: string;
  /** Emoji name -> verb. */
  readonly reactions: Readonly<Record<string, string>>;
  /** Guests and people of other organisations may work here, if they are agents. */
  readonly allowGuests: boolean;
  /** A user group (S...) or channel (C...) whose members alone may work here; undefined: every agent of the desk. */
  readonly staff: string | undefined;
}
