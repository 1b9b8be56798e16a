import type { Examination } from '../../certificates/index.ts';
import { RowlockError } from '../../errors/index.ts';
import { type Account, readAccounts } from '../certs/accounts.ts';
import { parseVersion } from '../certs/reload.ts';
import {
  HandshakeFailure,
  type ServerAddress,
  type ServerVisit,
  type Visit,
  type VisitOptions,
} from '../certs/visit.ts';
import { type ChannelFacts, readChannels } from './channel-facts.ts';
import { type LocalFiles, readLocalFiles } from './local-files.ts';

/** Values by name, in lower case. */
export type Values = ReadonlyMap<string, string>;

/** The certificates and protocol a connection meets, or why its handshake fails. */
export type Look = Pick<ServerVisit, 'served' | 'tls'> & { readonly failure?: string };

/** All that one read-only visit learns. What the account may not see is undefined. */
export interface ServerFacts {
  readonly address: ServerAddress;
  readonly version: string;
  readonly mariadb: boolean;
  readonly number: readonly [number, number, number];
  readonly look: Look;
  readonly variables: Values | undefined;
  readonly status: Values | undefined;
  readonly accounts: readonly Account[] | undefined;
  readonly channels: readonly ChannelFacts[] | undefined;
  /** Undefined for a server on another machine. */
  readonly files: LocalFiles | undefined;
  /** An account was given, and the server did not let it in. */
  readonly refused: boolean;
  /** What could not be seen, and why. */
  readonly unseen: readonly string[];
}

async function lookAt(
  visit: Visit,
  address: ServerAddress,
  timeoutMs: number,
): Promise<{ version: string; look: Look }> {
  try {
    const glance = await visit(address, { timeoutMs });
    await glance.close();
    return { version: glance.version, look: glance };
  } catch (error) {
    if (!(error instanceof HandshakeFailure)) throw error;
    return {
      version: error.version,
      look: { served: [], tls: undefined, failure: error.message },
    };
  }
}

/** Visits a server twice: once without logging in, to see what anybody sees, and once with the account, if there is one. */
export async function gatherFacts(
  visit: Visit,
  address: ServerAddress,
  options: VisitOptions,
  at: Examination,
): Promise<ServerFacts> {
  const { version, look } = await lookAt(visit, address, options.timeoutMs);
  const bare = { address, version, ...parseVersion(version), look };
  const nothing = {
    variables: undefined,
    status: undefined,
    accounts: undefined,
    channels: undefined,
    files: undefined,
  };
  if (options.user === undefined) {
    const unseen = ['settings, accounts, replication, files: no --user was given'];
    return { ...bare, ...nothing, refused: false, unseen };
  }
  let conversation: ServerVisit;
  try {
    // Where the server has TLS of today it is used and verified as asked, plain or not.
    const { plain: _, ...secured } = options;
    const usable = ['TLSv1.2', 'TLSv1.3'].includes(look.tls?.protocol ?? '');
    conversation = await visit(address, usable ? secured : options);
  } catch (error) {
    if (!(error instanceof RowlockError)) throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint.split('\n')[0]})`;
    const unseen = [`settings, accounts, replication, files: ${error.message}${hint}`];
    return { ...bare, ...nothing, refused: true, unseen };
  }
  const unseen: string[] = [];
  const attempt = async <T>(what: string, action: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
      unseen.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  try {
    const variables = await attempt('settings', () => valuesOf(conversation, 'SHOW GLOBAL VARIABLES'));
    const status = await attempt('status', () => valuesOf(conversation, 'SHOW GLOBAL STATUS'));
    const accounts = await attempt('accounts', () => readAccounts(conversation));
    const channels = await attempt('replication', () => readChannels(conversation, bare));
    const files = variables === undefined ? undefined : await readLocalFiles(variables, at);
    for (const path of files?.hidden ?? []) unseen.push(`${path}: not readable for who runs the doctor`);
    return { ...bare, variables, status, accounts, channels, files, refused: false, unseen };
  } finally {
    await conversation.close();
  }
}

async function valuesOf(visit: ServerVisit, sql: string): Promise<Values> {
  const rows = await visit.query(sql);
  return new Map(rows.map((row) => [(row['variable_name'] ?? '').toLowerCase(), row['value'] ?? '']));
}
