import { checkAccounts, checkOldPasswords, checkPlugins } from './check-accounts.ts';
import { checkCertificate, checkFiles } from './check-certificate.ts';
import { checkChannels } from './check-channels.ts';
import { checkBinlog, checkTransport, checkVersion } from './check-server.ts';
import { checkActive, checkLoaded, checkProtocol } from './check-tls.ts';
import type { DoctorSettings } from './doctor-settings.ts';
import type { ServerFacts } from './facts.ts';
import { type Diagnosis, person } from './mend.ts';

/** A server that was seen, in the role the command line gave it. */
export interface Seen {
  readonly role: 'source' | 'replica' | undefined;
  readonly facts: ServerFacts;
}

/** The checks of one server, in the order a person reads them. */
const checks: readonly ((facts: ServerFacts, settings: DoctorSettings) => Diagnosis[])[] = [
  checkActive,
  checkLoaded,
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

/** What is wrong with each server by itself, and with sources and replicas beside each other. */
export function diagnose<T extends Seen>(
  seen: readonly T[],
  settings: DoctorSettings,
): ReadonlyMap<T, readonly Diagnosis[]> {
  const found = new Map<T, Diagnosis[]>();
  for (const one of seen) {
    found.set(
      one,
      checks.flatMap((check) => check(one.facts, settings)),
    );
    const { channels } = one.facts;
    if (one.role === 'replica' && channels?.length === 0) {
      found.get(one)?.push({
        severity: 'critical',
        code: 'NOT_A_REPLICA',
        message: 'no replication channel is configured',
        steps: [person('rowlock certs config --for source prints the statement.')],
      });
    }
  }
  return found;
}
