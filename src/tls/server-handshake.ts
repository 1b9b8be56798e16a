import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { SecurityError } from '../errors/index.ts';
import { explainCertificate } from './explain-certificate.ts';
import { opensslWords } from './explain-handshake.ts';
import { peerOf, type TlsPeer } from './peer.ts';
import { SSL_CONNECTION_ERROR } from './tls-error.ts';

/** The server's end of TLS. Take a fresh one per connection, so that a rotated certificate holds for the next. */
export interface ServerSetup {
  readonly context: SecureContext;
  /** Whether clients may show a certificate; one they show must be trusted by the context's authorities. */
  readonly askForCertificate: boolean;
  /** What this end shows; needed to prove it by passwords, see `certificateProof`. */
  readonly certificate?: X509Certificate;
  /** For explanations. */
  readonly authorities?: readonly X509Certificate[];
}

/** A client over TLS. `peer.verified` is `ca` where it showed a trusted certificate. */
export interface SecuredClient {
  readonly socket: TLSSocket;
  readonly peer: TlsPeer;
}

/**
 * Upgrades an accepted socket to TLS. `unread` is what came behind the client's request: the start of its handshake.
 *
 * Like MySQL, refuses a client certificate that is not trusted even where none is needed. Node is told not to reject, because then
 * nobody would learn why; nothing is read from the client before the verdict.
 *
 * @throws SecurityError the socket is destroyed then
 */
export async function secureServer(
  socket: Socket,
  setup: ServerSetup,
  unread: Buffer,
): Promise<SecuredClient> {
  if (unread.length > 0) socket.unshift(unread);
  const tls = new TLSSocket(socket, {
    isServer: true,
    secureContext: setup.context,
    requestCert: setup.askForCertificate,
    rejectUnauthorized: false,
  });
  await new Promise<void>((resolve, reject) => {
    tls.once('secure', resolve);
    tls.once('error', (cause: Error) => reject(refusal(opensslWords(cause.message), [], cause)));
    tls.once('close', () => reject(refusal('the client closed the connection during the TLS handshake', [])));
  }).catch((error: unknown) => {
    tls.destroy();
    throw error;
  });
  tls.removeAllListeners('error').removeAllListeners('close');
  const peer = peerOf(tls);
  const shown = peer.chain.length > 0;
  const verdict = shown ? peer.verdict : undefined;
  if (verdict === undefined)
    return { socket: tls, peer: { ...peer, verdict, verified: shown ? 'ca' : 'none' } };
  tls.on('error', () => undefined).destroy();
  const facts = {
    verdict,
    chain: peer.chain,
    authorities: setup.authorities ?? [],
    source: "the server's ssl_ca",
  };
  throw refusal(`client certificate refused: ${verdict}`, explainCertificate({ ...facts, now: new Date() }));
}

function refusal(message: string, hints: readonly string[], cause?: unknown): SecurityError {
  return new SecurityError(SSL_CONNECTION_ERROR, message, {
    code: 'TLS_CLIENT_REFUSED',
    ...(cause === undefined ? {} : { cause }),
    ...(hints.length === 0 ? {} : { hint: hints.join('\n') }),
  });
}
