import type { X509Certificate } from 'node:crypto';
import { attributeName } from './attribute-types.ts';
import { CertificateError } from './certificate-error.ts';
import { DerWalk, type Element, objectIdentifier, Tag } from './der.ts';

/** Which OpenSSL the server is linked with: 3 and later, or up to 1.1.1. */
export type SlashStyle = 'openssl3' | 'openssl1';

/** Bytes of a name in slash form. OpenSSL's own bound (NAME_ONELINE_MAX) is 1 MiB. */
const LONGEST_NAME = 16_384;

/**
 * A DER Name in slash form, exactly as the server computes and compares it for REQUIRE SUBJECT and ISSUER: OpenSSL's
 * X509_NAME_oneline(). Value bytes outside ASCII's printable range become `\xHH`. OpenSSL 3 writes `\/` and `\+` for
 * these characters inside values and joins the parts of a multi-valued set with `+`; OpenSSL 1 did neither, so there
 * a value can look like several parts.
 *
 * @throws CertificateError (`CERTIFICATE_FORMAT`) for bytes that are no Name
 */
export function slashForm(der: Uint8Array, style: SlashStyle = 'openssl3'): string {
  const walk = new DerWalk(der);
  let text = '';
  const parts = walk.into(walk.next(Tag.SEQUENCE));
  while (!parts.done) {
    const set = parts.into(parts.next(Tag.SET));
    let separator = '/';
    while (!set.done) {
      const pair = set.into(set.next(Tag.SEQUENCE));
      const type = objectIdentifier(pair.contentOf(pair.next(Tag.OBJECT_IDENTIFIER)));
      const value = pair.next();
      text += `${separator}${attributeName(type)}=${printable(pair, value, style)}`;
      if (style === 'openssl3') separator = '+';
      if (text.length > LONGEST_NAME)
        throw new CertificateError('CERTIFICATE_FORMAT', `name longer than ${LONGEST_NAME} bytes`);
    }
  }
  return text;
}

function printable(walk: DerWalk, element: Element, style: SlashStyle): string {
  const content = walk.contentOf(element);
  // OpenSSL drops the three leading zero octets of each character of a GeneralString that looks like four-byte text.
  const wide =
    element.tag === Tag.GENERAL_STRING &&
    content.length % 4 === 0 &&
    content.every((byte, index) => index % 4 === 3 || byte === 0);
  let text = '';
  for (const [index, byte] of content.entries()) {
    if (wide && index % 4 !== 3) continue;
    const character = String.fromCharCode(byte);
    if (byte < 0x20 || byte > 0x7e) text += `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    else if (style === 'openssl3' && (character === '/' || character === '+')) text += `\\${character}`;
    else text += character;
  }
  return text;
}

/** The two names of a certificate as DER: views of its bytes. */
function namesIn(certificate: X509Certificate): {
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
} {
  const walk = new DerWalk(certificate.raw);
  const body = walk.into(walk.into(walk.next(Tag.SEQUENCE)).next(Tag.SEQUENCE));
  body.optional(0xa0);
  body.next(Tag.INTEGER);
  body.next(Tag.SEQUENCE);
  const issuer = body.encodingOf(body.next(Tag.SEQUENCE));
  body.next(Tag.SEQUENCE);
  return { issuer, subject: body.encodingOf(body.next(Tag.SEQUENCE)) };
}

function nameIn(certificate: X509Certificate | undefined, which: 'subject' | 'issuer'): string {
  if (certificate === undefined) return '';
  try {
    return slashForm(namesIn(certificate)[which]);
  } catch (error) {
    // OpenSSL took bytes this walk refuses: such a name equals no other.
    if (error instanceof CertificateError) return '';
    throw error;
  }
}

/** Subject in one line, most significant part first: `/O=Feat/CN=Feat CA`. Empty without a certificate or name. */
export function subjectLine(certificate: X509Certificate | undefined): string {
  return nameIn(certificate, 'subject');
}

/** Issuer in the form of {@link subjectLine}. */
export function issuerLine(certificate: X509Certificate | undefined): string {
  return nameIn(certificate, 'issuer');
}
