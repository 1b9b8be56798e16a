import type { KeyObject } from 'node:crypto';
import type { Socket } from 'node:net';
import { accept, type ReceivedCommand, type Session, type Verifier } from '../../connection/index.ts';
import { ServerError } from '../../errors/index.ts';
import { type ServerSetup, subjectLine } from '../../tls/index.ts';
import { accountText } from '../accounts/accounts.ts';
import type { LoginAttempt } from '../accounts/logins.ts';
import type { Relay } from '../statements/context.ts';
import { lookAtTables } from '../statements/listings/stored-tables.ts';
import type { SessionState } from '../statements/session-state.ts';

/** What the relay shows of itself. */
export interface Identity {
  /** Undefined: TLS is not offered. */
  readonly setup: ServerSetup | undefined;
  /** For passwords that are sent without TLS. */
  readonly rsaKey: KeyObject | undefined;
}

/** A login that is slowed down still ends within its time. */
const longestWait = (relay: Relay): number => (relay.variables.number('connect_timeout') * 1000) / 3;

/** `gone` aborts when the client goes away. */
export function attemptOf(relay: Relay, gone: AbortSignal): LoginAttempt {
  return relay.logins.attempt(gone, longestWait(relay));
}

/** Greets a client and logs it in. @throws what `accept` throws */
export function login(
  socket: Socket,
  id: number,
  attempt: LoginAttempt,
  relay: Relay,
  { setup, rsaKey }: Identity,
): Promise<Session> {
  const { variables } = relay;
  return accept(socket, {
    serverVersion: relay.version,
    connectionId: id,
    verifier: verifierOf(attempt, relay),
    ...(setup === undefined ? {} : { tls: setup }),
    requireSecureTransport: variables.boolean('require_secure_transport'),
    ...(rsaKey === undefined ? {} : { rsaKey }),
    compression: true,
    loginTimeoutMs: variables.number('connect_timeout') * 1000,
    ...(relay.flavor === 'mariadb' ? { collation: 45 } : {}),
  });
}

/** COM_CHANGE_USER. Who is refused is told so, and the conversation ends, as with the servers. */
export async function relogin(
  session: Session,
  state: SessionState,
  command: ReceivedCommand,
  relay: Relay,
): Promise<boolean> {
  const attempt = attemptOf(relay, new AbortController().signal);
  try {
    const applicant = await session.changeUser(command, verifierOf(attempt, relay));
    const { user, host } = attempt.record!;
    state.applicant = applicant;
    state.account = { user, host };
    state.schema = applicant.schema === '' ? undefined : applicant.schema;
    relay.audit.record('login', { id: state.id, ...describe(session, state.account) });
    return true;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (error.errno === 1045) attempt.refused();
    relay.audit.record('refused', { id: state.id, user: attempt.applicant?.user, reason: attempt.reason });
    await session.send();
    return false;
  }
}

function verifierOf(attempt: LoginAttempt, relay: Relay): Verifier {
  return {
    account: (applicant) => attempt.account(applicant),
    admit: async (applicant) => {
      const verdict = (await attempt.admit?.(applicant)) ?? true;
      const schema = applicant.schema ?? '';
      if (verdict !== true || schema === '') return verdict;
      await lookAtTables(relay);
      const wanted = schema.toLowerCase();
      if (relay.engine.schemas.some((name) => name.toLowerCase() === wanted)) return verdict;
      return { errno: 1049, sqlState: '42000', message: `Unknown database '${schema}'` };
    },
  };
}

/** Who a session is, for the audit log. */
export function describe(
  session: Session,
  account: { readonly user: string; readonly host: string },
): Readonly<Record<string, string | undefined>> {
  const { tls, user, host, attributes } = session.applicant;
  return {
    user,
    host,
    account: accountText(account),
    program: attributes.get('program_name'),
    tls: tls?.protocol,
    cipher: tls?.cipher,
    subject: subjectLine(tls?.chain[0]) || undefined,
  };
}
