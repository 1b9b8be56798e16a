/** Which threads a START or STOP means. */
export interface Threads {
  readonly receiver: boolean;
  readonly applier: boolean;
}

/** Given with START REPLICA and kept in memory only. */
export interface StartCredentials {
  readonly user: string;
  readonly password: string;
}
