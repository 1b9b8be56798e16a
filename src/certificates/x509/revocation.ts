import { verify, type X509Certificate } from 'node:crypto';
import { CertificateError, DerWalk, objectIdentifier, Tag } from '../../tls/index.ts';
import {
  authorityKeyIdentifier,
  extension,
  type Issuer,
  identifierOf,
  nameOf,
  seal,
  subjectOf,
  timeOf,
} from './issue.ts';
import { formatPem } from './pem.ts';
import { exactly, toolkit } from './toolkit.ts';

/** Why a certificate was withdrawn; the numbers are CRLReason of RFC 5280, 5.3.1. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
} as const;
export type RevocationReason = keyof typeof revocationReasons;

/** One withdrawn certificate. */
export interface Revocation {
  /** Serial number, upper-case hex. */
  readonly serial: string;
  readonly at: Date;
  readonly reason: RevocationReason;
}

/**
 * Makes a version 2 revocation list as MySQL, OpenSSL and Node read it; PEM with the label `X509 CRL`.
 *
 * @param number increases with every list of the authority
 */
export async function makeRevocationList(
  issuer: Issuer,
  plan: {
    readonly revoked: readonly Revocation[];
    readonly number: number;
    readonly thisUpdate: Date;
    readonly nextUpdate: Date;
  },
): Promise<string> {
  const kit = await toolkit();
  const { asn1, pki } = kit;
  const list = new pki.CertificateRevocationList();
  list.version = 1;
  list.issuer = nameOf(kit, subjectOf(issuer.certificate));
  list.thisUpdate = timeOf(kit, plan.thisUpdate);
  list.nextUpdate = timeOf(kit, plan.nextUpdate);
  if (plan.revoked.length > 0) {
    list.revokedCertificates = plan.revoked.map(({ serial, at, reason }) => {
      const code = revocationReasons[reason];
      const why = extension(kit, '2.5.29.21', new asn1.Enumerated({ value: code }));
      return new pki.RevokedCertificate({
        userCertificate: new asn1.Integer({ valueHex: exactly(signedOctets(serial)) }),
        revocationDate: timeOf(kit, at),
        // RFC 5280: leave the reason out rather than say "unspecified".
        ...(code === 0 ? {} : { crlEntryExtensions: new pki.Extensions({ extensions: [why] }) }),
      });
    });
  }
  list.crlExtensions = new pki.Extensions({
    extensions: [
      authorityKeyIdentifier(kit, identifierOf(issuer.certificate)),
      extension(kit, '2.5.29.20', new asn1.Integer({ value: plan.number })),
    ],
  });
  return formatPem(
    'X509 CRL',
    seal(kit, list, issuer.key, () => encodeBody(list)),
  );
}

/** pkijs keeps this method of its list protected; it is the only way to the bytes that are signed. */
function encodeBody(list: unknown): ReturnType<import('pkijs').Certificate['encodeTBS']> {
  return (list as import('pkijs').Certificate).encodeTBS();
}

/** Octets of a positive INTEGER. */
function signedOctets(hex: string): Buffer {
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

/** True when this authority's key signed the list. */
export function signedBy(der: Uint8Array, authority: X509Certificate): boolean {
  const walk = new DerWalk(der);
  const outer = walk.into(walk.next(Tag.SEQUENCE));
  const body = outer.next(Tag.SEQUENCE);
  const algorithm = outer.into(outer.next(Tag.SEQUENCE));
  const digest = listDigests[objectIdentifier(algorithm.contentOf(algorithm.next(Tag.OBJECT_IDENTIFIER)))];
  const signature = outer.contentOf(outer.next(Tag.BIT_STRING)).subarray(1);
  if (digest === undefined)
    throw new CertificateError('CERTIFICATE_FORMAT', 'revocation list with an unknown signature');
  try {
    return verify(digest, outer.encodingOf(body), authority.publicKey, signature);
  } catch {
    return false;
  }
}

const listDigests: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};
