import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/**
 * OpenSSL's verdict on a chain → its words, which MariaDB's client prints. Verdicts are named as Node names them, which is
 * X509_V_ERR_… without its beginning.
 */
export const VERDICT_TEXT: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  UNABLE_TO_GET_ISSUER_CERT: 'unable to get issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  // Node goes on after OpenSSL's first verdict and reports the one that follows from it.
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to get local issuer certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  CERT_SIGNATURE_FAILURE: 'certificate signature failure',
  CERT_REVOKED: 'certificate revoked',
  UNABLE_TO_GET_CRL: 'unable to get certificate CRL',
  CRL_SIGNATURE_FAILURE: 'CRL signature failure',
  CRL_HAS_EXPIRED: 'CRL has expired',
  CRL_NOT_YET_VALID: 'CRL is not yet valid',
  INVALID_PURPOSE: 'unsuitable certificate purpose',
  INVALID_CA: 'invalid CA certificate',
  // Again the verdict behind the first: who may not sign is no authority.
  KEYUSAGE_NO_CERTSIGN: 'invalid CA certificate',
  PATH_LENGTH_EXCEEDED: 'path length constraint exceeded',
  UNHANDLED_CRITICAL_EXTENSION: 'unhandled critical extension',
  UNHANDLED_CRITICAL_CRL_EXTENSION: 'unhandled critical CRL extension',
  PERMITTED_VIOLATION: 'permitted subtree violation',
  EXCLUDED_VIOLATION: 'excluded subtree violation',
  EE_KEY_TOO_SMALL: 'EE certificate key too weak',
  CA_KEY_TOO_SMALL: 'CA certificate key too weak',
  CA_MD_TOO_WEAK: 'CA signature digest algorithm too weak',
};

/** Node calls all of these UNSPECIFIED; OpenSSL's words (X509_verify_cert_error_string) tell them apart. */
const NAMELESS: Readonly<Record<string, string>> = {
  'key usage does not include certificate signing': 'KEYUSAGE_NO_CERTSIGN',
  ...Object.fromEntries(
    [
      'UNHANDLED_CRITICAL_EXTENSION',
      'UNHANDLED_CRITICAL_CRL_EXTENSION',
      'PERMITTED_VIOLATION',
      'EXCLUDED_VIOLATION',
      'EE_KEY_TOO_SMALL',
      'CA_KEY_TOO_SMALL',
      'CA_MD_TOO_WEAK',
    ].map((name) => [VERDICT_TEXT[name]!, name]),
  ),
};

const UNSPECIFIED = 'UNSPECIFIED';
/** What Node says where nobody can be asked: no verdict is no trust. */
const UNVERIFIED = 'UNVERIFIED';
/** id-kp-serverAuth and id-kp-clientAuth, RFC 5280, 4.2.1.12. */
const TLS_USAGES: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);

/**
 * OpenSSL's verdict on the certificates a peer showed; undefined: trusted. Node keeps it on the handle: a server's socket that
 * was made by hand tells it nowhere else, nor does a client's tell its words. Fails closed.
 */
export function verdictOf(socket: TLSSocket, chain: readonly X509Certificate[]): string | undefined {
  const handle = (socket as unknown as { _handle?: { verifyError?(): (Error & { code?: string }) | null } })
    ._handle;
  if (handle?.verifyError === undefined) return UNVERIFIED;
  const error = handle.verifyError();
  if (error === null || error === undefined) return undefined;
  const name = error.code ?? error.message;
  if (name === UNSPECIFIED) return NAMELESS[error.message] ?? UNSPECIFIED;
  return name === 'INVALID_PURPOSE' && isSignedByNoAuthority(chain) ? 'INVALID_CA' : name;
}

/** Whoever signs without being an authority has no purpose either, and that is the verdict that comes last. */
function isSignedByNoAuthority([leaf, ...signers]: readonly X509Certificate[]): boolean {
  const usages = leaf?.keyUsage ?? [];
  const isForTls = usages.length === 0 || usages.some((usage) => TLS_USAGES.has(usage));
  return isForTls && signers.some(({ ca }) => !ca);
}
