import { createHash, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import type * as Asn1 from 'asn1js';
import type * as Pki from 'pkijs';
import { DerWalk, Tag } from '../../tls/index.ts';
import { type AlternativeName, addressOctets } from './alternative-names.ts';
import { publicBytes } from './keys.ts';
import type { DistinguishedName } from './name.ts';
import { formatPem } from './pem.ts';
import { exactly, type Toolkit, toolkit } from './toolkit.ts';

/** What a certificate is for; decides its constraints and usages. */
export type Purpose = 'authority' | 'server' | 'user';

/** The two ends of a certificate's validity; whole seconds. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Who signs: an authority's certificate and its key. */
export interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** What goes into a certificate. */
export interface CertificatePlan {
  readonly purpose: Purpose;
  /** A name, or the DER of one that was read from a request. */
  readonly subject: DistinguishedName | Uint8Array;
  readonly publicKey: KeyObject;
  readonly names: readonly AlternativeName[];
  readonly validity: Validity;
}

/** Signature algorithms by key type: object identifier and the digest node:crypto calls. */
const signatures: Readonly<
  Record<string, { readonly oid: string; readonly digest: string; readonly nullParameters: boolean }>
> = {
  rsa: { oid: '1.2.840.113549.1.1.11', digest: 'sha256', nullParameters: true },
  'ec prime256v1': { oid: '1.2.840.10045.4.3.2', digest: 'sha256', nullParameters: false },
  'ec secp384r1': { oid: '1.2.840.10045.4.3.3', digest: 'sha384', nullParameters: false },
};

// Bits of the KeyUsage extension, most significant first, with the number of unused bits (RFC 5280, 4.2.1.3).
const keyUsages: Readonly<Record<Purpose, { readonly bits: number; readonly unused: number }>> = {
  // keyCertSign, cRLSign
  authority: { bits: 0x06, unused: 1 },
  // digitalSignature, keyEncipherment: the second is what RSA key exchange of TLS 1.0 to 1.2 needs
  server: { bits: 0xa0, unused: 5 },
  user: { bits: 0xa0, unused: 5 },
};

// A server is also a client when it replicates, with the same pair if nothing else is configured.
const extendedUsages: Readonly<Record<Purpose, readonly string[]>> = {
  authority: [],
  server: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
  user: ['1.3.6.1.5.5.7.3.2'],
};

/** Makes an authority's own certificate. */
export function selfSign(
  plan: { readonly subject: DistinguishedName | Uint8Array; readonly validity: Validity },
  key: KeyObject,
): Promise<X509Certificate> {
  return build(
    { purpose: 'authority', subject: plan.subject, publicKey: key, names: [], validity: plan.validity },
    key,
  );
}

/** Makes a certificate signed by an authority. */
export function issue(plan: CertificatePlan, issuer: Issuer): Promise<X509Certificate> {
  return build(plan, issuer.key, issuer.certificate);
}

/** PEM of a certificate, final newline included. */
export function formatCertificate(certificate: X509Certificate): string {
  return formatPem('CERTIFICATE', certificate.raw);
}

async function build(
  plan: CertificatePlan,
  key: KeyObject,
  issuer?: X509Certificate,
): Promise<X509Certificate> {
  const kit = await toolkit();
  const { asn1, pki } = kit;
  const spki = publicBytes(plan.publicKey);
  const certificate = new pki.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1.Integer({ valueHex: exactly(newSerial()) });
  certificate.subject = nameOf(kit, plan.subject);
  certificate.issuer = issuer === undefined ? nameOf(kit, plan.subject) : nameOf(kit, subjectOf(issuer));
  certificate.notBefore = timeOf(kit, plan.validity.notBefore);
  certificate.notAfter = timeOf(kit, plan.validity.notAfter);
  certificate.subjectPublicKeyInfo = pki.PublicKeyInfo.fromBER(exactly(spki));
  certificate.extensions = [
    constraints(kit, plan.purpose),
    keyUsage(kit, plan.purpose),
    ...extendedUsage(kit, plan.purpose),
    ...alternativeNames(kit, plan.names),
    extension(kit, '2.5.29.14', new asn1.OctetString({ valueHex: exactly(keyIdentifier(spki)) })),
    authorityKeyIdentifier(kit, issuer === undefined ? keyIdentifier(spki) : identifierOf(issuer)),
  ];
  const der = seal(kit, certificate, key, () => certificate.encodeTBS());
  return new X509Certificate(der);
}

/** Signs a structure of pkijs with node:crypto and returns its whole DER. */
export function seal(
  kit: Toolkit,
  structure: Pki.Certificate | Pki.CertificateRevocationList,
  key: KeyObject,
  encode: () => Asn1.Sequence,
): Buffer {
  const { algorithm, digest } = signatureAlgorithm(kit, key);
  structure.signature = algorithm;
  structure.signatureAlgorithm = algorithm;
  const body = encode().toBER(false);
  structure.signatureValue = new kit.asn1.BitString({
    valueHex: exactly(sign(digest, Buffer.from(body), key)),
  });
  // `false` would make pkijs write back the bytes a structure was read from; this one was never read.
  return Buffer.from((structure.toSchema(true) as Asn1.Sequence).toBER(false));
}

function signatureAlgorithm(
  kit: Toolkit,
  key: KeyObject,
): { algorithm: Pki.AlgorithmIdentifier; digest: string } {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const kind = curve === undefined ? (key.asymmetricKeyType ?? '') : `ec ${curve}`;
  const found = signatures[kind];
  if (found === undefined) throw new TypeError(`no signature algorithm for a key of type ${kind}`);
  return {
    digest: found.digest,
    algorithm: new kit.pki.AlgorithmIdentifier({
      algorithmId: found.oid,
      ...(found.nullParameters ? { algorithmParams: new kit.asn1.Null() } : {}),
    }),
  };
}

/** 127 random bits, never negative and never zero (RFC 5280, 4.1.2.2, allows at most 20 octets). */
function newSerial(): Uint8Array {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

/** A pkijs name; DER that was read is carried over byte for byte, as chain building compares bytes. */
export function nameOf(kit: Toolkit, name: DistinguishedName | Uint8Array): Pki.RelativeDistinguishedNames {
  const der = name instanceof Uint8Array ? exactly(name) : encodeName(kit, name);
  return kit.pki.RelativeDistinguishedNames.fromBER(der);
}

/** DER of a name, one set a part; pkijs itself would put all parts into one set. */
function encodeName({ asn1 }: Toolkit, name: DistinguishedName): ArrayBuffer {
  const parts = name.map(({ type, value }) => {
    const pair = [new asn1.ObjectIdentifier({ value: type }), nameString(asn1, type, value)];
    return new asn1.Set({ value: [new asn1.Sequence({ value: pair })] });
  });
  return new asn1.Sequence({ value: parts }).toBER(false);
}

/** Countries are PrintableString, mail addresses and domain components IA5String by definition (RFC 5280, A.1). */
function nameString(asn1: typeof Asn1, type: string, value: string): Asn1.BaseBlock {
  if (type === '2.5.4.6') return new asn1.PrintableString({ value: value.toUpperCase() });
  const ascii = type === '1.2.840.113549.1.9.1' || type === '0.9.2342.19200300.100.1.25';
  return ascii ? new asn1.IA5String({ value }) : new asn1.Utf8String({ value });
}

/** DER of a certificate's subject. */
export function subjectOf(certificate: X509Certificate): Uint8Array {
  const walk = new DerWalk(certificate.raw);
  const body = walk.into(walk.into(walk.next(Tag.SEQUENCE)).next(Tag.SEQUENCE));
  body.optional(0xa0);
  for (const tag of [Tag.INTEGER, Tag.SEQUENCE, Tag.SEQUENCE, Tag.SEQUENCE]) body.next(tag);
  return body.encodingOf(body.next(Tag.SEQUENCE));
}

/** A pkijs time: UTCTime through 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
export function timeOf(kit: Toolkit, value: Date): Pki.Time {
  const whole = new Date(Math.floor(value.getTime() / 1000) * 1000);
  return new kit.pki.Time({ type: whole.getUTCFullYear() < 2050 ? 0 : 1, value: whole });
}

/** SHA-1 of the public key's bits: RFC 5280, 4.2.1.2, method 1. An identifier, not a proof. */
function keyIdentifier(spki: Uint8Array): Buffer {
  const walk = new DerWalk(spki);
  const info = walk.into(walk.next(Tag.SEQUENCE));
  info.next(Tag.SEQUENCE);
  return createHash('sha1')
    .update(info.contentOf(info.next(Tag.BIT_STRING)).subarray(1))
    .digest();
}

/** The identifier of an authority's key as certificates and lists it signs refer to it. */
export function identifierOf(authority: X509Certificate): Buffer {
  return keyIdentifier(publicBytes(authority.publicKey));
}

/** An extension around an ASN.1 value. */
export function extension(
  kit: Toolkit,
  extnID: string,
  value: Asn1.BaseBlock,
  critical = false,
): Pki.Extension {
  return new kit.pki.Extension({ extnID, critical, extnValue: value.toBER(false) });
}

/** The extension that says which key of an issuer signed; it tells two authorities of one name apart. */
export function authorityKeyIdentifier(kit: Toolkit, identifier: Uint8Array): Pki.Extension {
  const { asn1 } = kit;
  const value = new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex: exactly(identifier) });
  return extension(kit, '2.5.29.35', new asn1.Sequence({ value: [value] }));
}

function constraints(kit: Toolkit, purpose: Purpose): Pki.Extension {
  const { asn1 } = kit;
  // DER leaves a default out: cA FALSE is the empty sequence.
  const value = purpose === 'authority' ? [new asn1.Boolean({ value: true })] : [];
  return extension(kit, '2.5.29.19', new asn1.Sequence({ value }), true);
}

function keyUsage(kit: Toolkit, purpose: Purpose): Pki.Extension {
  const { bits, unused } = keyUsages[purpose];
  const value = new kit.asn1.BitString({ valueHex: exactly(Uint8Array.of(bits)), unusedBits: unused });
  return extension(kit, '2.5.29.15', value, true);
}

function extendedUsage(kit: Toolkit, purpose: Purpose): Pki.Extension[] {
  const { asn1 } = kit;
  const value = extendedUsages[purpose].map((oid) => new asn1.ObjectIdentifier({ value: oid }));
  return value.length === 0 ? [] : [extension(kit, '2.5.29.37', new asn1.Sequence({ value }))];
}

function alternativeNames(kit: Toolkit, names: readonly AlternativeName[]): Pki.Extension[] {
  if (names.length === 0) return [];
  const { asn1 } = kit;
  const value = names.map(({ kind, value: text }) => {
    const octets = kind === 'dns' ? Buffer.from(text, 'latin1') : addressOctets(text);
    // GeneralName: [2] dNSName, [7] iPAddress
    return new asn1.Primitive({
      idBlock: { tagClass: 3, tagNumber: kind === 'dns' ? 2 : 7 },
      valueHex: exactly(octets),
    });
  });
  return [extension(kit, '2.5.29.17', new asn1.Sequence({ value }))];
}
