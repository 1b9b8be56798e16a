import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What goes wrong with one connection, behind so many bytes of the server. */
export interface NetworkFault {
  /** `slow`: a few bytes at a time. `frozen`: nothing comes any more, and nobody says so. `refused`: closed at once. */
  readonly kind: 'none' | 'cut' | 'frozen' | 'slow' | 'corrupted' | 'refused';
  readonly after: number;
}

const NONE: NetworkFault = { kind: 'none', after: 0 };
const SLOW_BYTES = 7;

/** Stands between a client and a server and breaks connections as told: one fault a connection, none when they are used up. */
export class FaultyProxy {
  /** Faults of the connections to come. */
  readonly faults: NetworkFault[] = [];
  connections = 0;
  /** Bytes that servers sent through. */
  bytes = 0;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  /** The port behind it: another one after a restart. */
  target: number;

  private constructor(target: number) {
    this.target = target;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** A proxy in front of a local port. */
  static async before(target: number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Breaks every connection that is open. */
  cutAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accept(client: Socket): void {
    this.connections += 1;
    const fault = this.faults.shift() ?? NONE;
    if (fault.kind === 'refused') {
      client.destroy();
      return;
    }
    const server = connect(this.target, '127.0.0.1');
    let isFrozen = false;
    for (const socket of [client, server]) {
      this.#open.add(socket);
      socket.setNoDelay(true);
      socket
        .on('error', () => {})
        .on('close', () => {
          this.#open.delete(socket);
          server.destroy();
          // Half open: the other end does not even learn that it is over.
          if (!isFrozen) client.destroy();
        });
    }
    client.on('data', (chunk) => {
      if (!isFrozen) server.write(chunk);
    });
    let passed = 0;
    server.on('data', (chunk) => {
      const before = passed;
      passed += chunk.length;
      this.bytes += chunk.length;
      if (isFrozen) return;
      const reached = fault.kind !== 'none' && passed > fault.after;
      if (reached && (fault.kind === 'cut' || fault.kind === 'frozen')) {
        client.write(chunk.subarray(0, Math.max(0, fault.after - before)));
        if (fault.kind === 'frozen') isFrozen = true;
        else client.end(() => client.destroy());
        return;
      }
      if (reached && fault.kind === 'corrupted' && before <= fault.after) {
        chunk[fault.after - before]! ^= 0x10;
      }
      if (reached && fault.kind === 'slow') trickle(server, client, chunk);
      else if (!client.write(chunk)) {
        server.pause();
        client.once('drain', () => server.resume());
      }
    });
  }
}

function trickle(from: Socket, to: Socket, chunk: Buffer): void {
  from.pause();
  let at = 0;
  const step = (): void => {
    if (at >= chunk.length || to.destroyed) {
      from.resume();
      return;
    }
    to.write(chunk.subarray(at, at + SLOW_BYTES));
    at += SLOW_BYTES;
    setImmediate(step);
  };
  step();
}
