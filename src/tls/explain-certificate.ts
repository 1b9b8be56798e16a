import type { X509Certificate } from 'node:crypto';
import { certificateNames } from './peer-names.ts';
import { issuerLine, subjectLine } from './slash-form.ts';

/** What is known about a certificate that was not accepted. */
export interface CertificateFacts {
  /** OpenSSL's verdict, e.g. `CERT_HAS_EXPIRED`. */
  readonly verdict: string;
  /** Shown by the peer, its own first. */
  readonly chain: readonly X509Certificate[];
  readonly authorities: readonly X509Certificate[];
  /** Where the authorities came from: `'ca.pem'`; empty where no option named any. */
  readonly source: string;
  readonly now: Date;
}

const DAY = 86_400_000;

function days(from: Date, to: Date): string {
  const count = Math.floor((to.getTime() - from.getTime()) / DAY);
  return count === 1 ? '1 day' : `${count} days`;
}

function title(certificate: X509Certificate, place: number): string {
  const name = subjectLine(certificate) || `serial ${certificate.serialNumber}`;
  return place === 0 ? `the certificate '${name}'` : `the authority's certificate '${name}'`;
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

function expired({ chain, authorities, now }: CertificateFacts): string[] {
  const all = [...chain, ...authorities];
  return all.flatMap((certificate, place) => {
    const end = new Date(certificate.validTo);
    if (end >= now) return [];
    return [
      `${title(certificate, place)} expired ${days(end, now)} ago, on ${end.toISOString().slice(0, 10)}`,
    ];
  });
}

function notYetValid({ chain, authorities, now }: CertificateFacts): string[] {
  return [...chain, ...authorities].flatMap((certificate, place) => {
    const start = new Date(certificate.validFrom);
    if (start <= now) return [];
    return [
      `${title(certificate, place)} is valid only from ${start.toISOString().slice(0, 10)}, in ${days(now, start)}: is the clock right?`,
    ];
  });
}

function unknownIssuer(facts: CertificateFacts): string[] {
  const { chain, authorities, source } = facts;
  const last = chain.at(-1);
  if (last === undefined) return ['the server showed no certificate'];
  const where = source === '' ? 'the authorities this system trusts' : source;
  const issuer = issuerLine(last);
  const lines: string[] = [];
  if (chain.length === 1 && isSelfSigned(last)) {
    lines.push(`${title(last, 0)} is signed by itself and is not in ${where}`);
  } else if (isSelfSigned(last)) {
    lines.push(`the chain ends at '${issuer}', which is not in ${where}`);
  } else {
    lines.push(`${title(last, chain.length - 1)} was issued by '${issuer}', which is not in ${where}`);
  }
  const namesake = authorities.find((authority) => authority.subject === last.issuer);
  if (namesake !== undefined) {
    lines.push(
      `${where} has an authority of that name, but with another key: it was replaced, or this server belongs to another installation`,
    );
  } else if (authorities.length > 0) {
    lines.push(`${where} has: ${authorities.map((authority) => `'${subjectLine(authority)}'`).join(', ')}`);
  }
  const partial = authorities.find((authority) => last.checkIssued(authority) && !isSelfSigned(authority));
  if (partial !== undefined) {
    lines.push(
      `'${subjectLine(partial)}' is itself issued by '${issuerLine(partial)}': the chain must reach a root`,
    );
  }
  return lines;
}

function revoked({ chain }: CertificateFacts): string[] {
  return [
    `a revocation list names a certificate of the chain: ${chain.map((certificate) => `'${subjectLine(certificate)}' (serial ${certificate.serialNumber})`).join(', ')}`,
  ];
}

function missingCrl({ chain }: CertificateFacts): string[] {
  const issuers = [...new Set(chain.map((certificate) => issuerLine(certificate)))];
  return [
    `--ssl-crl and --ssl-crlpath ask for a revocation list of every authority in the chain; needed: ${issuers.map((issuer) => `'${issuer}'`).join(', ')}`,
  ];
}

/** Verdict → what to say. One line a verdict; the rest is named as OpenSSL names it. */
const explanations: Readonly<Record<string, (facts: CertificateFacts) => string[]>> = {
  CERT_HAS_EXPIRED: expired,
  CERT_NOT_YET_VALID: notYetValid,
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownIssuer,
  SELF_SIGNED_CERT_IN_CHAIN: unknownIssuer,
  CERT_SIGNATURE_FAILURE: unknownIssuer,
  CERT_UNTRUSTED: unknownIssuer,
  CERT_REVOKED: revoked,
  UNABLE_TO_GET_CRL: missingCrl,
  CRL_HAS_EXPIRED: () => ['a revocation list is past its next update: fetch a fresh one from the authority'],
  CRL_NOT_YET_VALID: () => ['a revocation list is not valid yet: is the clock right?'],
  INVALID_PURPOSE: () => [
    'the certificate is not meant for this end of a connection (see its extended key usage)',
  ],
  INVALID_CA: () => [
    'a certificate in the chain signs others without being an authority (see its basic constraints)',
  ],
  PATH_LENGTH_EXCEEDED: () => [
    'an authority in the chain allows fewer authorities below it (its path length)',
  ],
  // Node has names for some of OpenSSL's verdicts alone.
  UNSPECIFIED: () => [
    'OpenSSL refuses a certificate of the chain: a weak signature (SHA-1, MD5), a short key, a name constraint or an unknown critical extension; openssl verify says which',
  ],
};

/** Why a chain was not trusted: one fact a line, which certificate first. */
export function explainCertificate(facts: CertificateFacts): string[] {
  const lines = explanations[facts.verdict]?.(facts) ?? [];
  return lines.length > 0 ? lines : [`OpenSSL says ${facts.verdict}`];
}

/** Why a trusted certificate is not the one of the host that was asked for. */
export function explainIdentity(certificate: X509Certificate | undefined, host: string): string[] {
  if (certificate === undefined) return ['the server showed no certificate'];
  const names = certificateNames(certificate);
  if (names.length === 0) return [`the certificate names no host at all; '${host}' was asked for`];
  const listed = names.map((name) => `'${name}'`).join(', ');
  return [
    names.includes(host)
      ? `the certificate has '${host}' as a name: an address counts only as an IP address in subjectAltName`
      : `the certificate is for ${listed}, not for '${host}'`,
    'connect by one of these names, or use --ssl-mode=VERIFY_CA where any server of this authority will do',
  ];
}

/** OpenSSL's words for a verdict, which MariaDB's client prints. */
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
  CRL_HAS_EXPIRED: 'CRL has expired',
  CRL_NOT_YET_VALID: 'CRL is not yet valid',
  INVALID_PURPOSE: 'unsuitable certificate purpose',
  INVALID_CA: 'invalid CA certificate',
  PATH_LENGTH_EXCEEDED: 'path length constraint exceeded',
};
