import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { chmod, unlink } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { accept, type ReceivedCommand, type Session, type Verifier } from '../../connection/index.ts';
import { ServerError, UsageError } from '../../errors/index.ts';
import { subjectLine } from '../../tls/index.ts';
import { Capability, err, has, PacketWriter } from '../../wire/index.ts';
import { accountText } from '../accounts/accounts.ts';
import type { LoginAttempt, Logins } from '../accounts/logins.ts';
import type { LiveSession, Relay } from '../statements/context.ts';
import { SessionState } from '../statements/session-state.ts';
import { lookAtTables } from '../statements/stored-tables.ts';
import { Conversation, type FailureReport } from './conversation.ts';
import type { TlsStore } from './tls-store.ts';

/** Logins under way at a time: half-open ones cannot take the place of sessions. */
const MAX_LOGINS = 256;

/** Where a relay listens. */
export interface ListenOptions {
  /** 0: any free one; undefined: no TCP. */
  readonly port: number | undefined;
  readonly bindAddress: string;
  /** Path; empty: none. */
  readonly socket: string;
}

/** Takes connections and holds conversations. */
export class RelayServer {
  readonly sessions: Map<number, LiveSession> = new Map();
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #running = new Set<Promise<void>>();
  readonly #report: FailureReport;
  #relay: Relay | undefined;
  #logins: Logins | undefined;
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
    this.#logins = relay.logins;
    this.#tls = tls;
    this.#rsaKey = rsaKey;
    let port = 0;
    if (options.port !== undefined) {
      const server = await this.#open({ port: options.port, host: options.bindAddress });
      const address = server.address();
      port = typeof address === 'object' && address !== null ? address.port : 0;
    }
    if (options.socket !== '') {
      await removeStale(options.socket);
      await this.#open({ path: options.socket });
      await chmod(options.socket, 0o660);
    }
    return port;
  }

  /** Takes no more connections, ends the ones there are. */
  async close(): Promise<void> {
    this.#closing = true;
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const session of this.sessions.values()) session.kill();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([...closed, ...this.#running]);
  }

  async #open(where: { port: number; host: string } | { path: string }): Promise<Server> {
    const server = createServer((socket) => this.#take(socket));
    server.listen(where);
    try {
      await once(server, 'listening');
    } catch (cause) {
      const place = 'path' in where ? where.path : `${where.host}:${where.port}`;
      throw new UsageError(`cannot listen on ${place}: ${(cause as Error).message}`, { cause });
    }
    this.#servers.push(server);
    return server;
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
    const attempt = this.#logins!.attempt(gone.signal, longestWait(relay));
    let session: Session;
    try {
      session = await this.#login(socket, id, attempt, relay);
    } catch (error) {
      this.#refused(error, attempt, address, relay);
      return;
    } finally {
      this.#pending -= 1;
    }
    await this.#hold(session, attempt, relay).catch((error: unknown) => {
      if (!isLoss(error)) this.#report(error);
    });
  }

  #login(socket: Socket, id: number, attempt: LoginAttempt, relay: Relay): Promise<Session> {
    const { variables } = relay;
    const setup = this.#tls!.setup;
    return accept(socket, {
      serverVersion: relay.version,
      connectionId: id,
      verifier: this.#verifier(attempt, relay),
      ...(setup === undefined ? {} : { tls: setup }),
      requireSecureTransport: variables.boolean('require_secure_transport'),
      ...(this.#rsaKey === undefined ? {} : { rsaKey: this.#rsaKey }),
      compression: true,
      loginTimeoutMs: variables.number('connect_timeout') * 1000,
      ...(relay.flavor === 'mariadb' ? { collation: 45 } : {}),
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

  async #hold(session: Session, attempt: LoginAttempt, relay: Relay): Promise<void> {
    const { applicant } = session;
    const record = attempt.record!;
    const state = new SessionState(
      session.connectionId,
      applicant,
      { user: record.user, host: record.host },
      relay.now(),
    );
    if (applicant.tls !== undefined) relay.counters.sslAccepts += 1;
    const conversation = new Conversation(session, state, relay, {
      report: this.#report,
      relogin: (command) => this.#relogin(session, state, command, relay),
      multiStatements: has(session.capabilities, Capability.MULTI_STATEMENTS),
    });
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

  /** COM_CHANGE_USER. Who is refused is told so, and the conversation ends, as with the servers. */
  async #relogin(
    session: Session,
    state: SessionState,
    command: ReceivedCommand,
    relay: Relay,
  ): Promise<boolean> {
    const gone = new AbortController();
    const attempt = this.#logins!.attempt(gone.signal, longestWait(relay));
    try {
      const applicant = await session.changeUser(command, this.#verifier(attempt, relay));
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

  #verifier(attempt: LoginAttempt, relay: Relay): Verifier {
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
}

/** A login that is slowed down still ends within its time. */
const longestWait = (relay: Relay): number => (relay.variables.number('connect_timeout') * 1000) / 3;

function describe(session: Session, account: { readonly user: string; readonly host: string }) {
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

/** A socket file nobody listens on is a leftover; one somebody listens on is taken. */
async function removeStale(path: string): Promise<void> {
  const socket = createConnection({ path });
  const answered = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  if (answered) throw new UsageError(`another server listens on ${path}`);
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
