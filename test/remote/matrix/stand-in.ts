import { readFileSync } from 'node:fs';
import { EventFramer, RawEvent } from '../../../src/binlog/index.ts';
import type { Applicant, Session } from '../../../src/connection/index.ts';
import { issuerLine, subjectLine } from '../../../src/tls/index.ts';
import type { Issued } from '../../connection/authority.ts';
import { account, type Loopback, listenAsServer, serverTls } from '../../connection/loopback.ts';

const COM_QUERY = 3;
const MAGIC_BYTES = 4;

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
    (session) => serveLog(session, log),
  );
}

async function serveLog(session: Session, log: string): Promise<void> {
  for (;;) {
    const command = await session.command();
    if (command === undefined) return;
    if (command.code !== COM_QUERY) return dump(session, log);
    if (/version/i.test(session.statement(command).toString()))
      await session.rows(['VERSION()'], [['9.7.4']]);
    else await session.ok();
  }
}

/** A log, then the end. */
async function dump(session: Session, log: string): Promise<void> {
  session.beginDump(false);
  const bytes = readFileSync(log);
  const framer = new EventFramer();
  framer.position = MAGIC_BYTES;
  const event = new RawEvent();
  let at = MAGIC_BYTES;
  for (;;) {
    while (framer.next(event)) await session.event(event.bytes, event.start, event.end);
    if (at === bytes.length) break;
    const space = framer.space();
    const count = bytes.copy(space, 0, at);
    framer.filled(count);
    at += count;
  }
  await session.flushEvents();
  await session.endDump();
}
