import { accountName, type Examination } from '../../../certificates/index.ts';
import { RowlockError } from '../../../errors/index.ts';
import { readAccounts } from '../../certs/accounts.ts';
import { parseVersion } from '../../certs/reload.ts';
import {
  HandshakeFailure,
  type ServerAddress,
  type ServerVisit,
  type Visit,
  type VisitOptions,
} from '../../certs/visit.ts';
import { readChannels } from './channel-facts.ts';
import { readLocalFiles } from './local-files.ts';
import type { Demand, Look, ServerFacts } from './server-facts.ts';
import type { Values } from './values.ts';

/** The protocol before TLS 1.2 that a server takes, for visits that cannot read its settings. */
async function oldProtocol(
  visit: Visit,
  address: ServerAddress,
  timeoutMs: number,
): Promise<string | undefined> {
  try {
    const glance = await visit(address, { timeoutMs, onlyOldTls: true });
    await glance.close();
    return glance.tls?.protocol;
  } catch (error) {
    if (!(error instanceof RowlockError)) throw error;
    return undefined;
  }
}

async function lookAt(
  visit: Visit,
  address: ServerAddress,
  { timeoutMs, ca }: VisitOptions,
): Promise<{ version: string; look: Look }> {
  try {
    const glance = await visit(address, { timeoutMs, ...(ca === undefined ? {} : { ca }) });
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
  const { version, look } = await lookAt(visit, address, options);
  const bare = { address, version, ...parseVersion(version), look };
  const nothing = {
    variables: undefined,
    status: undefined,
    accounts: undefined,
    demands: new Map<string, Demand>(),
    channels: undefined,
    files: undefined,
  };
  if (options.user === undefined) {
    const unseen = ['settings, accounts, replication, files: no --user was given'];
    const old = look.tls === undefined ? undefined : await oldProtocol(visit, address, options.timeoutMs);
    const seen = old === undefined ? look : { ...look, old };
    return { ...bare, look: seen, ...nothing, refused: false, denied: false, unseen };
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
    const way =
      options.plain !== true && look.tls === undefined ? '; --plain logs in without TLS, to see why' : '';
    const unseen = [`settings, accounts, replication, files: ${error.message}${hint}${way}`];
    return { ...bare, ...nothing, refused: true, denied: true, unseen };
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
    const demands = accounts?.some(({ sslType }) => sslType === 'SPECIFIED')
      ? await attempt('REQUIRE clauses', () => readDemands(conversation))
      : undefined;
    const channels = await attempt('replication', () => readChannels(conversation, bare));
    const files = variables === undefined ? undefined : await readLocalFiles(variables, channels ?? [], at);
    const denied = unseen.length > 0;
    for (const path of files?.hidden ?? []) unseen.push(`${path}: not readable for who runs the doctor`);
    return {
      ...bare,
      ...nothing,
      variables,
      status,
      accounts,
      ...(demands === undefined ? {} : { demands }),
      channels,
      files,
      refused: false,
      denied,
      unseen,
    };
  } finally {
    await conversation.close();
  }
}

async function readDemands(visit: ServerVisit): Promise<ReadonlyMap<string, Demand>> {
  const rows = await visit.query(
    "SELECT user AS user, host AS host, x509_subject AS subject, x509_issuer AS issuer FROM mysql.user WHERE ssl_type = 'SPECIFIED'",
  );
  return new Map(
    rows.map((row) => [
      accountName(row['user'] ?? '', row['host'] ?? ''),
      { subject: row['subject'] ?? '', issuer: row['issuer'] ?? '' },
    ]),
  );
}

async function valuesOf(visit: ServerVisit, sql: string): Promise<Values> {
  const rows = await visit.query(sql);
  return new Map(rows.map((row) => [(row['variable_name'] ?? '').toLowerCase(), row['value'] ?? '']));
}
