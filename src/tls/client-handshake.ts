import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { SecurityError } from '../errors/index.ts';
import type { ClientSetup } from './client-setup.ts';
import { explainCertificate, explainIdentity } from './explain-certificate.ts';
import { explainHandshake, opensslWords } from './explain-handshake.ts';
import { peerOf, type TlsPeer } from './peer.ts';
import { isFor } from './peer-names.ts';
import { sessionNotReused } from './session-data.ts';
import { TlsText, tlsError } from './tls-error.ts';
import { VERDICT_TEXT } from './verdict.ts';

/** A TLS connection whose other end is who the policy asks for. */
export interface SecuredSocket {
  readonly socket: TLSSocket;
  readonly peer: TlsPeer;
  /** Nobody vouches for the certificate; the login must end with MariaDB's proof, see {@link certificateProof}. */
  readonly proofNeeded: boolean;
  /** The certificate this end showed, if it was asked. */
  readonly own: X509Certificate | undefined;
}

/** Verdicts that say "nobody I trust vouches for this", which a password can settle; a revoked or expired one it cannot. */
const UNVOUCHED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Upgrades a connected socket to TLS and holds the other end to the policy. The socket must have no unread bytes.
 *
 * `host` is what the user typed. The verification is done here, after the handshake: Node cannot ask for a trusted chain without
 * a host name, nor for MySQL's order of names.
 *
 * `isLocal`: see `trustsLocal` of the SSL options. `signal` ends the wait for an other end that says nothing.
 *
 * @throws SecurityError the socket is destroyed then; the reason of `signal`
 */
export async function secureClient(
  socket: Socket,
  setup: ClientSetup,
  host: string,
  signal: AbortSignal,
  isLocal = false,
): Promise<SecuredSocket> {
  const tls = connect({
    socket,
    secureContext: setup.context,
    servername: setup.servername,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(setup.session === undefined ? {} : { session: setup.session }),
  });
  // A socket that is closed under TLS, or was before, is no error to Node.
  const closed = new AbortController();
  const onClose = (): void => closed.abort(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  tls.once('close', onClose);
  if (socket.destroyed) onClose();
  try {
    await once(tls, 'secureConnect', { signal: AbortSignal.any([signal, closed.signal]) });
  } catch (cause) {
    tls.on('error', () => undefined).destroy();
    signal.throwIfAborted();
    throw handshakeError((closed.signal.reason ?? cause) as NodeJS.ErrnoException, setup);
  }
  try {
    return judge(tls, setup, host, isLocal);
  } catch (error) {
    tls.on('error', () => undefined).destroy();
    throw error;
  }
}

function handshakeError(cause: NodeJS.ErrnoException, setup: ClientSetup): SecurityError {
  const lost = cause.code === 'ECONNRESET' || cause.code === 'EPIPE';
  const words = lost
    ? 'error:0A000126:SSL routines::unexpected eof while reading'
    : opensslWords(cause.message);
  const { dialect } = setup.policy;
  const detail = dialect === 'mysql' ? words : words.replace(/^error:[^:]*:[^:]*::/, '');
  const offer = { versions: setup.versions, ciphers: setup.ciphers, own: setup.own?.certificate };
  return tlsError(dialect, 'TLS_HANDSHAKE', detail, { cause, hints: explainHandshake(words, offer) });
}

function judge(socket: TLSSocket, setup: ClientSetup, host: string, isLocal: boolean): SecuredSocket {
  const peer = peerOf(socket);
  const { policy, trust } = setup;
  const own = setup.own?.certificate;
  if (setup.session !== undefined && !peer.sessionReused && !setup.continueOnFailedReuse) {
    throw sessionNotReused();
  }
  if (policy.verify === 'none')
    return { socket, peer: { ...peer, verified: 'none' }, proofNeeded: false, own };
  // Revocation was asked for, but the folder holds no list at all: OpenSSL would miss the first one it needs.
  const unchecked = trust.crls?.length === 0 ? 'UNABLE_TO_GET_CRL' : undefined;
  const verdict = peer.verdict ?? unchecked;
  if (verdict !== undefined) {
    // A password proves who is there, not that the certificate was not revoked.
    if (policy.passwordProof && trust.crls === undefined && UNVOUCHED.has(verdict)) {
      return { socket, peer: { ...peer, verified: 'none' }, proofNeeded: !isLocal, own };
    }
    const text = policy.dialect === 'mariadb' ? VERDICT_TEXT[verdict] : undefined;
    throw tlsError(policy.dialect, `TLS_${verdict}`, text ?? TlsText.untrusted[policy.dialect], {
      hints: explainCertificate({
        verdict,
        chain: peer.chain,
        authorities: setup.authorities,
        source: trust.source,
        ...(trust.crls === undefined ? {} : { lists: trust.crls }),
        now: new Date(),
      }),
    });
  }
  if (policy.verify === 'ca' || isLocal)
    return { socket, peer: { ...peer, verified: 'ca' }, proofNeeded: false, own };
  const [certificate] = peer.chain;
  if (certificate === undefined || !isFor(certificate, host)) {
    throw tlsError(policy.dialect, 'TLS_HOSTNAME_MISMATCH', TlsText.identity[policy.dialect], {
      hints: explainIdentity(certificate, host),
    });
  }
  return { socket, peer: { ...peer, verified: 'identity' }, proofNeeded: false, own };
}
