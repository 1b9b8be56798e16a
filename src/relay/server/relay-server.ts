import type { KeyObject } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Session } from '../../connection/index.ts';
import { ServerError } from '../../errors/index.ts';
import { subjectLine } from '../../tls/index.ts';
import { Capability, err, has, PacketWriter } from '../../wire/index.ts';
import { accountText } from '../accounts/accounts.ts';
import type { LoginAttempt } from '../accounts/logins.ts';
import type { LiveSession, Relay } from '../statements/context.ts';
import { SessionState } from '../statements/session-state.ts';
import { adoptCollation } from '../statements/settings/session-charsets.ts';
import { commands } from './commands.ts';
import { Conversation, type FailureReport } from './conversation.ts';
import { Listening, type ListenOptions } from './listening.ts';
import { attemptOf, describe, login, relogin } from './login.ts';
import type { TlsStore } from './tls-store.ts';

/** Logins under way at a time: half-open ones cannot take the place of sessions. */
const MAX_LOGINS = 256;

/** Takes connections and holds conversations. */
export class RelayServer {
  readonly sessions: Map<number, LiveSession> = new Map();
  readonly #listening = new Listening((socket) => this.#take(socket));
  readonly #sockets = new Set<Socket>();
  readonly #running = new Set<Promise<void>>();
  readonly #report: FailureReport;
  #relay: Relay | undefined;
  #tls: TlsStore | undefined;
  #rsaKey: KeyObject | undefined;
  #lastId = 0;
  #pending = 0;
  #closing = false;

  constructor(report: FailureReport) {
    this.#report = report;
  }

  /** Starts listening. Returns the port that was taken; 0: none. @throws UsageError the address is taken */
  async listen(
    relay: Relay,
    tls: TlsStore,
    rsaKey: KeyObject | undefined,
    options: ListenOptions,
  ): Promise<number> {
    this.#relay = relay;
    this.#tls = tls;
    this.#rsaKey = rsaKey;
    return this.#listening.begin(options);
  }

  /** Takes no more connections, ends the ones there are. */
  async close(): Promise<void> {
    this.#closing = true;
    const ended = this.#listening.end();
    await this.#relay?.streams.dumps.finish();
    for (const session of this.sessions.values()) session.kill();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([ended, ...this.#running]);
  }

  #take(socket: Socket): void {
    const relay = this.#relay!;
    // Whatever breaks while nobody listens is seen where the socket is read.
    socket.on('error', () => undefined);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#closing) {
      socket.destroy();
      return;
    }
    const full = this.sessions.size >= relay.variables.number('max_connections');
    if (full || this.#pending >= MAX_LOGINS) {
      relay.counters.abortedConnects += 1;
      turnAway(socket);
      return;
    }
    const conversation = this.#converse(socket, relay);
    this.#running.add(conversation);
    void conversation.finally(() => this.#running.delete(conversation));
  }

  async #converse(socket: Socket, relay: Relay): Promise<void> {
    this.#pending += 1;
    relay.counters.connections += 1;
    this.#lastId += 1;
    const id = this.#lastId;
    // A socket that is closed does not tell any more.
    const address = socket.remoteAddress ?? 'localhost';
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    const attempt = attemptOf(relay, gone.signal);
    let session: Session;
    try {
      session = await login(socket, id, attempt, relay, { setup: this.#tls!.setup, rsaKey: this.#rsaKey });
    } catch (error) {
      this.#refused(error, attempt, address, relay);
      return;
    } finally {
      this.#pending -= 1;
    }
    await this.#hold(session, attempt, relay, gone.signal).catch((error: unknown) => {
      if (!isLoss(error)) this.#report(error);
    });
  }

  #refused(error: unknown, attempt: LoginAttempt, address: string, relay: Relay): void {
    relay.counters.abortedConnects += 1;
    if (this.#closing) return;
    const { applicant } = attempt;
    if (error instanceof ServerError && error.errno === 1045) attempt.refused();
    relay.audit.record('refused', {
      user: applicant?.user,
      host: applicant?.host ?? address,
      reason: attempt.reason ?? (error as Error).message,
      subject: subjectLine(applicant?.tls?.chain[0]) || undefined,
    });
  }

  async #hold(session: Session, attempt: LoginAttempt, relay: Relay, gone: AbortSignal): Promise<void> {
    const { applicant } = session;
    const record = attempt.record!;
    const state = new SessionState(
      session.connectionId,
      applicant,
      { user: record.user, host: record.host },
      relay.now(),
    );
    adoptCollation({ relay, session: state });
    if (applicant.tls !== undefined) relay.counters.sslAccepts += 1;
    const conversation = new Conversation(session, state, relay, {
      commands,
      report: this.#report,
      relogin: (command) => relogin(session, state, command, relay),
      multiStatements: has(session.capabilities, Capability.MULTI_STATEMENTS),
    });
    // A statement of a client that went away ends as well.
    gone.addEventListener('abort', () => conversation.kill());
    this.sessions.set(state.id, conversation);
    relay.counters.maxUsedConnections = Math.max(relay.counters.maxUsedConnections, this.sessions.size);
    relay.audit.record('login', { id: state.id, ...describe(session, record) });
    try {
      await conversation.run();
    } finally {
      this.sessions.delete(state.id);
      relay.audit.record('logout', { id: state.id, account: accountText(state.account) });
    }
  }
}

/** The client went away: nothing to report. */
function isLoss(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return /^(CONNECTION|PROTOCOL|EPIPE|ECONNRESET|ETIMEDOUT|ERR_STREAM)/.test(code);
}

/** ER_CON_COUNT_ERROR, in place of a greeting. */
function turnAway(socket: Socket): void {
  const writer = new PacketWriter();
  err.write({ errno: 1040, sqlState: '', message: 'Too many connections' }, writer.begin(), {
    capabilities: 0,
    extended: 0,
  });
  writer.end();
  socket.end(writer.take(), () => socket.destroy());
}
