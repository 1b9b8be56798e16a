import type { ConnectOptions } from '../../connection/index.ts';

/** How to reach a server. */
export interface ConnectionOptions extends Omit<ConnectOptions, 'passwords' | 'signal'> {
  /** One text, or one a factor of the account. */
  readonly password?: string | readonly string[];
}
