import { RowlockError } from '../../errors/index.ts';
import { type Account, readAccounts } from '../certs/accounts.ts';
import { parseVersion } from '../certs/reload.ts';
import type { ServerAddress, ServerVisit, Visit, VisitOptions } from '../certs/visit.ts';

/** Values by name, in lower case. */
export type Values = ReadonlyMap<string, string>;

/** One replication channel of a replica, in MySQL's words. */
export interface ChannelFacts {
  /** Empty for the default channel. */
  readonly name: string;
  readonly host: string;
  readonly tls: boolean;
  readonly ca: string;
  readonly verifiesName: boolean;
  /** Undefined where the server has no such setting (MariaDB, MySQL before 8.0.19). */
  readonly requireRowFormat: boolean | undefined;
  readonly privilegeChecks: string | undefined;
}

/** All that one read-only visit learns. What the account may not see is undefined. */
export interface ServerFacts {
  readonly address: ServerAddress;
  readonly version: string;
  readonly mariadb: boolean;
  readonly number: readonly [number, number, number];
  /** The certificates and protocol a connection meets. */
  readonly look: Pick<ServerVisit, 'served' | 'tls'>;
  readonly variables: Values | undefined;
  readonly status: Values | undefined;
  readonly accounts: readonly Account[] | undefined;
  readonly channels: readonly ChannelFacts[] | undefined;
  /** What could not be seen, and why. */
  readonly unseen: readonly string[];
}

/** Visits a server twice: once without logging in, to see what anybody sees, and once with the account, if there is one. */
export async function gatherFacts(
  visit: Visit,
  address: ServerAddress,
  options: VisitOptions,
): Promise<ServerFacts> {
  const glance = await visit(address, { timeoutMs: options.timeoutMs });
  await glance.close();
  const { version } = glance;
  const bare = { address, version, ...parseVersion(version), look: glance };
  const nothing = { variables: undefined, status: undefined, accounts: undefined, channels: undefined };
  if (options.user === undefined)
    return { ...bare, ...nothing, unseen: ['settings, accounts and replication: no --user was given'] };
  let conversation: ServerVisit;
  try {
    // Where the server has TLS of today it is used and verified as asked, plain or not.
    const { plain: _, ...secured } = options;
    const usable = ['TLSv1.2', 'TLSv1.3'].includes(glance.tls?.protocol ?? '');
    conversation = await visit(address, usable ? secured : options);
  } catch (error) {
    if (!(error instanceof RowlockError)) throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint.split('\n')[0]})`;
    return { ...bare, ...nothing, unseen: [`settings, accounts and replication: ${error.message}${hint}`] };
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
    return { ...bare, variables, status, accounts, channels, unseen };
  } finally {
    await conversation.close();
  }
}

async function valuesOf(visit: ServerVisit, sql: string): Promise<Values> {
  const rows = await visit.query(sql);
  return new Map(rows.map((row) => [(row['variable_name'] ?? '').toLowerCase(), row['value'] ?? '']));
}

type Bare = Pick<ServerFacts, 'mariadb' | 'number'>;

async function readChannels(visit: ServerVisit, { mariadb, number }: Bare): Promise<ChannelFacts[]> {
  const [major, minor, patch] = number;
  const modern = !mariadb && (major > 8 || (major === 8 && (minor > 0 || patch >= 22)));
  const statement = mariadb ? 'SHOW ALL SLAVES STATUS' : modern ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS';
  const rows = await visit.query(statement);
  // MySQL keeps what the applier demands elsewhere, since 8.0.19.
  const demands =
    modern && rows.length > 0
      ? await visit.query(
          'SELECT channel_name, require_row_format, privilege_checks_user FROM performance_schema.replication_applier_configuration',
        )
      : [];
  return rows.map((row) => {
    const get = (name: string): string => row[`source_${name}`] ?? row[`master_${name}`] ?? '';
    const name = row['channel_name'] ?? row['connection_name'] ?? '';
    const demand = demands.find((other) => other['channel_name'] === name);
    return {
      name,
      host: get('host'),
      tls: get('ssl_allowed') === 'Yes',
      ca: get('ssl_ca_file') || get('ssl_ca_path'),
      verifiesName: get('ssl_verify_server_cert') === 'Yes',
      requireRowFormat: demand === undefined ? undefined : demand['require_row_format'] === 'YES',
      privilegeChecks: demand === undefined ? undefined : (demand['privilege_checks_user'] ?? ''),
    };
  });
}
