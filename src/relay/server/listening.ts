import { once } from 'node:events';
import { chmod, unlink } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { UsageError } from '../../errors/index.ts';
import { bindAddresses } from './bind-addresses.ts';
import { cannotListen } from './cannot-listen.ts';

/** Where a relay listens. */
export interface ListenOptions {
  /** 0: any free one; undefined: no TCP. */
  readonly port: number | undefined;
  /** As `--bind-address` has them. */
  readonly bindAddress: string;
  /** Path; empty: none. */
  readonly socket: string;
}

/** The places where connections arrive. */
export class Listening {
  readonly #take: (socket: Socket) => void;
  readonly #servers: Server[] = [];

  constructor(take: (socket: Socket) => void) {
    this.#take = take;
  }

  /** Starts listening. Returns the port that was taken; 0: none. @throws UsageError the address is taken */
  async begin({ port, bindAddress, socket }: ListenOptions): Promise<number> {
    checkPath(socket);
    let taken = 0;
    for (const host of port === undefined ? [] : bindAddresses(bindAddress)) {
      // oxlint-disable-next-line no-await-in-loop -- the first says which port is free
      const address = (await this.#open({ port: taken || port!, host })).address();
      taken = typeof address === 'object' && address !== null ? address.port : 0;
    }
    if (socket !== '') {
      await removeStale(socket);
      await this.#open({ path: socket });
      await chmod(socket, 0o660);
    }
    return taken;
  }

  /** Takes no more connections; resolved when the ones there are have gone. */
  async end(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  async #open(where: { port: number; host: string | undefined } | { path: string }): Promise<Server> {
    const server = createServer(this.#take);
    server.listen(where);
    try {
      await once(server, 'listening');
    } catch (cause) {
      const place = 'path' in where ? where.path : `${where.host ?? '*'}:${where.port}`;
      throw cannotListen(place, cause, 'path' in where ? '--socket=PATH' : '--port=PORT');
    }
    this.#servers.push(server);
    return server;
  }
}

/** Longest path of a socket, in bytes: what the kernel has room for. */
const LONGEST_PATH = 107;

function checkPath(socket: string): void {
  if (Buffer.byteLength(socket) <= LONGEST_PATH) return;
  throw new UsageError(`The socket file path is too long (> ${LONGEST_PATH}): ${socket}`, {
    hint: 'Give a shorter one with --socket=PATH, or --socket= for none.',
  });
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
