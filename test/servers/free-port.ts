import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const FIRST = 10_000;
/** What a test file needs at most: the process ids of those that run side by side are close to each other. */
const PORTS_A_PROCESS = 64;
const GIVEN_OUT = '/proc/sys/net/ipv4/ip_local_port_range';

/** Where the ports begin that the system gives to whoever asks for any. */
function firstGivenOut(): number {
  return existsSync(GIVEN_OUT) ? Number.parseInt(readFileSync(GIVEN_OUT, 'utf8'), 10) : 32_768;
}

const count = Math.max(firstGivenOut(), 2 * FIRST) - FIRST;
let next = process.pid * PORTS_A_PROCESS;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
      .on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      )
      .listen(port, '127.0.0.1', () => void probe.close(() => resolve(true)));
  });
}

/**
 * A loopback port where nobody listens, and where nobody else will until a server does, or while it is started anew: none that the
 * system gives out, nor one that another test file asks for.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (next % count);
    next += 1;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (await isFree(port)) return port;
  }
}
