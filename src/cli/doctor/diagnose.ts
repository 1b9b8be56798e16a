import { quoteText } from '../../certificates/index.ts';
import { checkAccounts, checkOldPasswords, checkPlugins } from './checks/check-accounts.ts';
import { checkCertificate, checkFiles } from './checks/check-certificate.ts';
import { checkChannels } from './checks/check-channels.ts';
import { checkBinlog, checkTransport, checkVersion } from './checks/check-server.ts';
import { checkActive, checkLoaded, checkProtocol, checkReload } from './checks/check-tls.ts';
import {
  compareExpiry,
  compareGtids,
  compareIdentity,
  compareLog,
  compareVersions,
} from './checks/compare-settings.ts';
import { compareAccount, compareAuthority, compareName, compareTransport } from './checks/compare-trust.ts';
import { channelsFrom, type Pair, type PairFinding, serverLabel } from './checks/pairing.ts';
import type { DoctorSettings } from './doctor-settings.ts';
import type { ServerFacts } from './facts/server-facts.ts';
import { isMysqlFrom } from './facts/server-version.ts';
import { changeStatement, trustedBy } from './mends/change-channel.ts';
import { type Diagnosis, person, sql } from './mends/mend.ts';

/** A server that was seen, in the role the command line gave it. */
export interface Seen {
  readonly role: 'source' | 'replica' | undefined;
  readonly facts: ServerFacts;
}

/** The checks of one server, in the order a person reads them. */
const checks: readonly ((facts: ServerFacts, settings: DoctorSettings) => Diagnosis[])[] = [
  checkActive,
  checkLoaded,
  checkReload,
  checkVersion,
  checkProtocol,
  checkCertificate,
  checkFiles,
  checkTransport,
  checkChannels,
  checkAccounts,
  checkPlugins,
  checkOldPasswords,
  checkBinlog,
];

/** What must fit between a source and its replica. */
const comparisons: readonly ((pair: Pair, settings: DoctorSettings) => PairFinding[])[] = [
  compareVersions,
  compareIdentity,
  compareTransport,
  compareName,
  compareAuthority,
  compareAccount,
  compareGtids,
  compareLog,
  compareExpiry,
];

/** What is wrong with each server by itself, and with sources and replicas beside each other. */
export function diagnose<T extends Seen>(
  seen: readonly T[],
  settings: DoctorSettings,
): ReadonlyMap<T, readonly Diagnosis[]> {
  const found = new Map<T, Diagnosis[]>();
  for (const one of seen)
    found.set(
      one,
      checks.flatMap((check) => check(one.facts, settings)),
    );
  const sources = seen.filter(({ role }) => role === 'source');
  const ids = new Set(seen.map(({ facts }) => Number(facts.variables?.get('server_id') ?? 0)));
  for (const replica of seen.filter(({ role }) => role === 'replica')) {
    const { channels } = replica.facts;
    if (channels === undefined) continue;
    const pairs = sources.flatMap((source) =>
      channelsFrom(source.facts, replica.facts, sources.length).map((channel) => ({ source, channel })),
    );
    if (channels.length === 0)
      found.get(replica)?.push(notAReplica(replica.facts, sources[0]?.facts, settings));
    else if (sources.length > 0 && pairs.length === 0)
      found.get(replica)?.push(strange(sources.map(({ facts }) => facts)));
    for (const { source, channel } of pairs) {
      const pair = { source: source.facts, replica: replica.facts, channel, ids };
      for (const compare of comparisons)
        for (const { on, ...finding } of compare(pair, settings))
          found.get(on === 'source' ? source : replica)?.push(finding);
    }
  }
  return found;
}

function strange(sources: readonly ServerFacts[]): Diagnosis {
  return {
    severity: 'critical',
    code: 'NOT_ITS_REPLICA',
    message: `no channel comes from ${sources.map(serverLabel).join(' or ')}`,
    steps: [person('Name the source that the channel has, as its host and port.')],
  };
}

function notAReplica(
  replica: ServerFacts,
  source: ServerFacts | undefined,
  settings: DoctorSettings,
): Diagnosis {
  const base = {
    severity: 'critical',
    code: 'NOT_A_REPLICA',
    message: 'no replication channel is configured',
  } as const;
  if (source === undefined)
    return { ...base, steps: [person('rowlock certs config --for source prints the statement.')] };
  const account = source.accounts?.find(({ replicates, user }) => replicates && user !== 'root');
  const statement = changeStatement(replica, { name: '' }, [
    `SOURCE_HOST=${quoteText(source.address.host)}`,
    `SOURCE_PORT=${source.address.port}`,
    `SOURCE_USER=${quoteText(account?.user ?? 'replication')}`,
    "SOURCE_PASSWORD='PASSWORD'",
    'SOURCE_SSL=1',
    `SOURCE_SSL_CA=${quoteText(trustedBy(replica, settings))}`,
    'SOURCE_SSL_VERIFY_SERVER_CERT=1',
    ...(isMysqlFrom(replica, [8, 0, 19]) ? ['REQUIRE_ROW_FORMAT=1'] : []),
  ]);
  return { ...base, steps: [sql(statement)] };
}
