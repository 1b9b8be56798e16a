import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import { connect as secure, TLSSocket } from 'node:tls';
import { type Issued, read } from '../../connection/authority.ts';
import { type Loopback, listen } from '../../connection/loopback.ts';

const HEAD_BYTES = 4;
/** Sequence number of a packet, behind its length. */
const SEQUENCE_AT = 3;
/** Header, capabilities, longest packet, collation, filler: what asks for TLS. A login is longer. */
const SSL_REQUEST_BYTES = 36;

/**
 * A server shown with another certificate: the greeting passes as it is, both ends get TLS of their own, and what is said inside passes as it
 * is. Servers refuse to start with certificates that are as wrong as some of these.
 */
export function frontOf(port: number, shown: Issued): Promise<Loopback> {
  const certificate = { cert: read(shown.chain), key: read(shown.key) };
  return listen(async (socket) => {
    const backend = dial(port, '127.0.0.1');
    const gone = (): void => {
      socket.destroy();
      backend.destroy();
    };
    backend.on('error', gone).on('close', gone);
    socket.on('close', gone);
    await once(backend, 'connect');
    socket.write(await packet(backend));
    const request = await packet(socket);
    backend.write(request);
    if (request.length > SSL_REQUEST_BYTES) {
      pipe(socket, backend);
      return;
    }
    const outside = new TLSSocket(socket, { isServer: true, ...certificate });
    const inside = secure({ socket: backend, rejectUnauthorized: false });
    outside.on('error', gone).on('close', gone);
    inside.on('error', gone).on('close', gone);
    pipe(outside, inside);
  });
}

function pipe(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
}

/** One whole packet and nothing behind it: the next bytes may be TLS. */
async function packet(socket: Socket): Promise<Buffer> {
  const head = await take(socket, HEAD_BYTES);
  const body = await take(socket, head.readUIntLE(0, SEQUENCE_AT));
  return Buffer.concat([head, body]);
}

async function take(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(length) as Buffer | null;
    if (bytes !== null) return bytes;
    if (socket.readableEnded || socket.destroyed) throw new Error('the other end hung up');
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  }
}
