import { createServer, type Server, type Socket } from 'node:net';
import { type AcceptOptions, type Account, accept, type Session } from '../../src/connection/index.ts';
import { prepareServer } from '../../src/tls/index.ts';
import { authPlugin } from '../../src/wire/index.ts';
import { type Issued, read } from './authority.ts';

/** A server of ours on a free port. */
export interface Loopback {
  readonly port: number;
  /** What went wrong in receptions and sessions so far. */
  readonly failures: Error[];
  /** The first of them. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

let connections = 0;

/** An account with a password, kept as the plugin keeps it. */
export function account(plugin: string, password: string): Account {
  return {
    plugin,
    credential: authPlugin(plugin)!.credential(Buffer.from(password)),
    cache: { digest: undefined },
  };
}

/** Listens, on loopback unless told otherwise, and gives every socket to `handle`. */
export async function listen(
  handle: (socket: Socket) => Promise<void>,
  address = '127.0.0.1',
): Promise<Loopback> {
  const failures: Error[] = [];
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    handle(socket).catch((error: unknown) => {
      failures.push(error as Error);
      fail(error as Error);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, address, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    port: bound.port,
    failures,
    failed,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** A server of ours: `accounts` may come in, `serve` answers their commands. */
export function listenAsServer(
  accounts: Readonly<Record<string, Account>>,
  options: Partial<AcceptOptions> = {},
  serve: (session: Session) => Promise<void> = answerAll,
  address = '127.0.0.1',
): Promise<Loopback> {
  return listen(async (socket) => {
    connections += 1;
    const session = await accept(socket, {
      serverVersion: '9.7.0-rowlock',
      connectionId: connections,
      verifier: { account: ({ user }) => accounts[user] },
      ...options,
    });
    await serve(session);
    session.close();
  }, address);
}

/** Answers SELECT with who is there and how, everything else with OK. */
export async function answerAll(session: Session): Promise<void> {
  for (;;) {
    const command = await session.command();
    if (command === undefined) return;
    const statement = command.code === 3 ? session.statement(command).toString() : '';
    const { user, tls } = session.applicant;
    if (statement === 'select $$') {
      // How mysql asks whether `$$` quotes; it reads no rows here.
      await session.error({
        errno: 1064,
        sqlState: '42000',
        message: 'You have an error in your SQL syntax',
      });
    } else if (/^select/i.test(statement)) {
      await session.rows(
        ['user', 'cipher', 'subject', 'nothing'],
        [[user, tls?.cipher ?? '', tls?.chain[0]?.subject ?? '', null]],
      );
    } else {
      await session.ok();
    }
  }
}

/** The server's end of TLS with this certificate, trusting clients of these authorities. */
export function serverTls(
  issued: Issued,
  authorities: readonly string[] = [],
): NonNullable<AcceptOptions['tls']> {
  return prepareServer({
    certificate: read(issued.chain),
    key: read(issued.key),
    authorities: authorities.map(read).join(''),
  });
}
