import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { relayMetrics } from './metrics.ts';
import { whyNotReady } from './readiness.ts';
import type { WatchedRelay } from './watched.ts';

/** The HTTP server for probes and metrics. */
export interface WatchServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const PLAIN = 'text/plain; charset=utf-8';
/** A probe says what it wants in one line. */
const MAX_HEADER_BYTES = 8192;
const TIMEOUT_MS = 10_000;

/**
 * Answers probes: `/healthz` (the process lives), `/readyz` (every channel moves; otherwise 503 and why), `/metrics` (Prometheus). It
 * tells states and counts, never data, and takes no orders.
 *
 * @param addresses undefined: every address of the machine
 */
export async function listenForWatchers(
  relay: WatchedRelay,
  { port, addresses }: { readonly port: number; readonly addresses: readonly (string | undefined)[] },
): Promise<WatchServer> {
  const registry = relayMetrics(relay);
  const pages: Readonly<Record<string, () => Page | Promise<Page>>> = {
    '/healthz': () => ({ status: 200, type: PLAIN, text: 'ok\n' }),
    '/readyz': () => {
      const reasons = whyNotReady(relay);
      return reasons.length === 0
        ? { status: 200, type: PLAIN, text: 'ready\n' }
        : { status: 503, type: PLAIN, text: `${reasons.join('\n')}\n` };
    },
    '/metrics': async () => ({ status: 200, type: registry.contentType, text: await registry.metrics() }),
  };
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(ended));
  };
  for (const address of addresses) {
    const server = createServer(
      { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: TIMEOUT_MS },
      (request, response) => {
        answer(request, response, pages).catch(() => response.destroy());
      },
    );
    server.keepAliveTimeout = TIMEOUT_MS;
    server.listen(port, address);
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await once(server, 'listening');
    } catch (error) {
      // oxlint-disable-next-line no-await-in-loop -- nothing comes after
      await close();
      throw error;
    }
    servers.push(server);
  }
  const bound = servers[0]?.address();
  return { port: typeof bound === 'object' && bound !== null ? bound.port : 0, close };
}

const ended = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pages: Readonly<Record<string, () => Page | Promise<Page>>>,
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?');
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead) return send(request, response, { status: 405, type: PLAIN, text: 'GET only\n' });
  return send(
    request,
    response,
    page === undefined ? { status: 404, type: PLAIN, text: 'no such page\n' } : await page(),
  );
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, text }: Page): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(method === 'HEAD' ? undefined : text);
}
