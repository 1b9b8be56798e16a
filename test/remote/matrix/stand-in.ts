import { readFileSync } from 'node:fs';
import type { Applicant } from '../../../src/connection/index.ts';
import { issuerLine, subjectLine } from '../../../src/tls/index.ts';
import type { Issued } from '../../connection/authority.ts';
import { account, type Loopback, listenAsServer, serverTls } from '../../connection/loopback.ts';
import { serveLog } from '../../connection/serve-log.ts';

/** Who may come in, beside the password. */
export type Clause = (applicant: Applicant) => boolean;

export const CLAUSES: Readonly<Record<string, Clause>> = {
  NONE: () => true,
  SSL: ({ tls }) => tls !== undefined,
  X509: ({ tls }) => tls?.verified === 'ca',
  CIPHER12: ({ tls }) => tls?.cipher === 'ECDHE-ECDSA-AES128-GCM-SHA256',
  CIPHER13: ({ tls }) => tls?.cipher === 'TLS_AES_128_GCM_SHA256',
  ISSUER: ({ tls }) => tls?.verified === 'ca' && issuerLine(tls.chain[0]) === '/O=Rowlock Test/CN=Root',
  SUBJECT: ({ tls }) => tls?.verified === 'ca' && subjectLine(tls.chain[0]) === '/O=Feat/CN=alice',
};

/** Serves one log with a certificate that a MySQL server refuses to start with. */
export function standIn(
  issued: Issued,
  authorities: readonly string[],
  users: Readonly<
    Record<string, { readonly plugin: string; readonly password: string; readonly clause: string }>
  >,
  log: string,
): Promise<Loopback> {
  const accounts = Object.fromEntries(
    Object.entries(users).map(([user, { plugin, password }]) => [user, account(plugin, password)]),
  );
  return listenAsServer(
    accounts,
    {
      serverVersion: '9.7.4',
      tls: serverTls(issued, authorities),
      verifier: {
        account: ({ user }) => accounts[user],
        admit: (applicant) => CLAUSES[users[applicant.user]!.clause]!(applicant) || 'denied',
      },
    },
    (session) => serveLog(session, () => readFileSync(log)),
  );
}
