/** What the bridge needs of the environment. */
export interface DiscordSettings {
  readonly token: string;
  /** With /api at the end; for tests and proxies. */
  readonly apiUrl: string;
  /** What happens to the thread of a conversation that is closed. */
  readonly onClose: 'nothing' | 'archive' | 'lock';
  /** Only members with one of these roles (ids) may work here; undefined: everybody who is linked with an agent. */
  readonly staffRoles: readonly string[] | undefined;
}
