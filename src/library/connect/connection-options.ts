import type { ConnectOptions } from '../../connection/index.ts';

/** How to reach a server. */
export interface ConnectionOptions extends Omit<ConnectOptions, 'passwords' | 'signal'> {
  /** One text, or one a factor of the account. */
  readonly password?: string | readonly string[];
  /** Ends the attempt to connect, and later everything that came of it, streams too. Whoever waits gets its reason. */
  readonly signal?: AbortSignal;
}
