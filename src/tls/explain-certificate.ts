import type { X509Certificate } from 'node:crypto';
import { certificateNames } from './peer-names.ts';
import { pemBytes } from './pem.ts';
import { type RevocationList, readRevocationList } from './revocation-list.ts';
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
  /** Revocation lists that were given, as PEM texts of one list each. */
  readonly lists?: readonly string[];
  readonly now: Date;
}

const DAY = 86_400_000;
/** What OpenSSL's security level 2 asks of RSA. */
const RSA_BITS = 2048;

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

/** A root that was sent stands among the authorities, too. */
function distinct(...groups: readonly (readonly X509Certificate[])[]): X509Certificate[] {
  return [...new Map(groups.flat().map((certificate) => [certificate.fingerprint256, certificate])).values()];
}

function expired({ chain, authorities, now }: CertificateFacts): string[] {
  return distinct(chain, authorities).flatMap((certificate, place) => {
    const end = new Date(certificate.validTo);
    if (end >= now) return [];
    return [
      `${title(certificate, place)} expired ${days(end, now)} ago, on ${end.toISOString().slice(0, 10)}`,
    ];
  });
}

function notYetValid({ chain, authorities, now }: CertificateFacts): string[] {
  return distinct(chain, authorities).flatMap((certificate, place) => {
    const start = new Date(certificate.validFrom);
    if (start <= now) return [];
    return [
      `${title(certificate, place)} is valid only from ${start.toISOString().slice(0, 10)}, in ${days(now, start)}: is the clock right?`,
    ];
  });
}

/** The last certificate of those that were shown that has its signer behind it, or is the first. */
function endOf(chain: readonly X509Certificate[]): X509Certificate | undefined {
  return chain.find((certificate, place) => {
    const next = chain[place + 1];
    return next === undefined || !certificate.verify(next.publicKey);
  });
}

function unknownIssuer(facts: CertificateFacts): string[] {
  const { chain, authorities, source } = facts;
  const last = endOf(chain);
  if (last === undefined) return ['the server showed no certificate'];
  const where = source === '' ? 'the authorities this system trusts' : source;
  const issuer = issuerLine(last);
  const isRoot = isSelfSigned(last);
  const namesakes = authorities.filter((authority) => authority.subject === last.issuer);
  const lines: string[] = [];
  if (!isRoot && namesakes.some((authority) => last.verify(authority.publicKey))) {
    return [
      `${title(last, chain.indexOf(last))} was issued by '${issuer}', which is in ${where}`,
      namesakes.length > 1
        ? `${where} has ${namesakes.length} authorities of that name, and OpenSSL takes the first: leave the one that signed, or put it first`
        : 'but it names another certificate as its signer (authority key identifier)',
    ];
  }
  if (chain.length === 1 && isRoot) {
    lines.push(`${title(last, 0)} is signed by itself and is not in ${where}`);
  } else if (isRoot) {
    lines.push(`the chain ends at '${issuer}', which is not in ${where}`);
  } else {
    lines.push(`${title(last, chain.indexOf(last))} was issued by '${issuer}', which is not in ${where}`);
  }
  if (namesakes.length > 0) {
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

/** The lists that can be read; OpenSSL has passed over the others, too. */
function readable(lists: readonly string[] = []): RevocationList[] {
  return lists.flatMap((text) => {
    const der = pemBytes(text, 'CRL');
    try {
      return der === undefined ? [] : [readRevocationList(der)];
    } catch {
      return [];
    }
  });
}

function revoked({ chain, lists }: CertificateFacts): string[] {
  const known = readable(lists);
  const named = chain.filter((certificate) =>
    known.some(
      ({ issuer, serials }) =>
        issuer === issuerLine(certificate) &&
        serials.has(certificate.serialNumber.replace(/^(00)+(?=..)/, '')),
    ),
  );
  return [
    `a revocation list names a certificate of the chain: ${(named.length === 0 ? chain : named).map((certificate) => `'${subjectLine(certificate)}' (serial ${certificate.serialNumber})`).join(', ')}`,
  ];
}

const quoted = (lines: readonly string[]): string => lines.map((line) => `'${line}'`).join(', ');

function missingCrl({ chain, lists }: CertificateFacts): string[] {
  const issuers = [...new Set(chain.map((certificate) => issuerLine(certificate)))];
  const there = new Set(readable(lists).map(({ issuer }) => issuer));
  const missing = issuers.filter((issuer) => !there.has(issuer));
  return [
    `--ssl-crl and --ssl-crlpath ask for a revocation list of every authority in the chain; needed: ${quoted(issuers)}`,
    ...(missing.length === 0 || missing.length === issuers.length ? [] : [`missing: ${quoted(missing)}`]),
  ];
}

function endedCrl({ lists, now }: CertificateFacts): string[] {
  const ended = readable(lists).filter(({ nextUpdate }) => nextUpdate !== undefined && nextUpdate < now);
  return [
    'a revocation list is past its next update: fetch a fresh one from the authority',
    ...ended.map(
      ({ issuer, nextUpdate }) =>
        `the list of '${issuer}' ended on ${nextUpdate!.toISOString().slice(0, 10)}`,
    ),
  ];
}

function noAuthority({ chain }: CertificateFacts): string[] {
  const signers = chain.slice(1).filter(({ ca }) => !ca);
  return [
    'a certificate in the chain signs others without being an authority (see its basic constraints)',
    ...(signers.length === 0 ? [] : [`it is ${quoted(signers.map((signer) => subjectLine(signer)))}`]),
  ];
}

function shortKey({ chain, authorities }: CertificateFacts): string[] {
  const short = distinct(chain, authorities).filter(
    ({ publicKey }) => (publicKey.asymmetricKeyDetails?.modulusLength ?? RSA_BITS) < RSA_BITS,
  );
  return [
    `a key of the chain is too short: RSA has at least ${RSA_BITS} bits today`,
    ...short.map(
      (certificate) =>
        `'${subjectLine(certificate)}' has ${certificate.publicKey.asymmetricKeyDetails!.modulusLength}`,
    ),
  ];
}

const outsideConstraints = (): string[] => [
  'the certificate has a name that an authority in the chain may not sign for (see its name constraints)',
];

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
  CRL_HAS_EXPIRED: endedCrl,
  CRL_SIGNATURE_FAILURE: () => [
    'a revocation list was signed with another key than that of the authority it names: is it the list of an authority that was replaced?',
  ],
  CRL_NOT_YET_VALID: () => ['a revocation list is not valid yet: is the clock right?'],
  INVALID_PURPOSE: () => [
    'the certificate is not meant for this end of a connection (see its extended key usage)',
  ],
  INVALID_CA: noAuthority,
  KEYUSAGE_NO_CERTSIGN: () => ['an authority in the chain may not sign certificates (see its key usage)'],
  PATH_LENGTH_EXCEEDED: () => [
    'an authority in the chain allows fewer authorities below it (its path length)',
  ],
  PERMITTED_VIOLATION: outsideConstraints,
  EXCLUDED_VIOLATION: outsideConstraints,
  UNHANDLED_CRITICAL_EXTENSION: () => [
    'a certificate in the chain has a critical extension that OpenSSL does not know; openssl x509 -text shows it',
  ],
  EE_KEY_TOO_SMALL: shortKey,
  CA_KEY_TOO_SMALL: shortKey,
  CA_MD_TOO_WEAK: () => ['a certificate in the chain has a weak signature (SHA-1, MD5)'],
  // Node has names for some of OpenSSL's verdicts alone.
  UNSPECIFIED: () => ['OpenSSL refuses a certificate of the chain; openssl verify says why'],
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
