import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { verdictOf } from './verdict.ts';

/** The other end of a TLS connection. */
export interface TlsPeer {
  /** `TLSv1.3` */
  readonly protocol: string;
  /** As the servers spell it: `TLS_AES_256_GCM_SHA384`, `ECDHE-RSA-AES128-GCM-SHA256`. */
  readonly cipher: string;
  /** What it showed, its own certificate first. Empty: none. */
  readonly chain: readonly X509Certificate[];
  /** OpenSSL's verdict on the chain: a code such as `CERT_HAS_EXPIRED`; undefined: trusted. */
  readonly verdict: string | undefined;
  readonly sessionReused: boolean;
  /** What was promised and kept: `identity` includes `ca`. `password`: MariaDB's proof, see {@link certificateProof}. */
  readonly verified: 'none' | 'ca' | 'identity' | 'password';
}

/** The certificates the peer showed, from its own upwards. */
function peerChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let link = socket.getPeerCertificate(true) as Partial<DetailedPeerCertificate> | undefined;
  while (link?.raw !== undefined && !seen.has(link.fingerprint256 ?? '')) {
    seen.add(link.fingerprint256 ?? '');
    chain.push(new X509Certificate(link.raw));
    link = link.issuerCertificate;
  }
  return chain;
}

/** Reads what there is to know about a finished handshake. */
export function peerOf(socket: TLSSocket): Omit<TlsPeer, 'verified'> {
  const chain = peerChain(socket);
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: cipherName(socket),
    chain,
    verdict: verdictOf(socket, chain),
    sessionReused: socket.isSessionReused(),
  };
}

function cipherName(socket: TLSSocket): string {
  return socket.getCipher()?.name ?? '';
}
