import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { CertificateError, DerWalk, type Element, objectIdentifier, Tag } from '../../tls/index.ts';
import type { AlternativeName } from './alternative-names.ts';
import { extensionsOf, namesOf } from './extensions.ts';
import { describeKey } from './keys.ts';
import { parsePem } from './pem.ts';

/** A certificate signing request whose own signature was checked. */
export interface SigningRequest {
  /** DER of the subject, to be carried into the certificate byte for byte. */
  readonly subject: Uint8Array;
  readonly publicKey: KeyObject;
  /** DNS and IP names the request asks for; names of other kinds are left out. */
  readonly names: readonly AlternativeName[];
}

// Digests of the signature algorithms a request may be signed with; none below SHA-256 is accepted.
const digests: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

/**
 * Reads a PKCS#10 request (PEM) and proves that its maker holds the key.
 *
 * @throws CertificateError when it is no request, its signature is wrong or weak, or its key is weak.
 */
export function readRequest(text: string): SigningRequest {
  const block = parsePem(text).find(({ kind }) => kind === 'request');
  if (block === undefined)
    throw new CertificateError('CERTIFICATE_FORMAT', 'no certificate request (PEM) in the file');
  const walk = new DerWalk(block.der);
  const outer = walk.into(walk.next(Tag.SEQUENCE));
  const info = outer.next(Tag.SEQUENCE);
  const algorithm = outer.into(outer.next(Tag.SEQUENCE));
  const signature = outer.contentOf(outer.next(Tag.BIT_STRING)).subarray(1);
  const body = outer.into(info);
  body.next(Tag.INTEGER);
  const subject = Uint8Array.from(body.encodingOf(body.next(Tag.SEQUENCE)));
  const publicKey = readPublicKey(body.encodingOf(body.next(Tag.SEQUENCE)));
  const oid = objectIdentifier(algorithm.contentOf(algorithm.next(Tag.OBJECT_IDENTIFIER)));
  const digest = digests[oid];
  if (digest === undefined) {
    throw new CertificateError(
      'CERTIFICATE_FORMAT',
      `request is signed with the unknown or weak algorithm ${oid}`,
    );
  }
  if (!proves(digest, outer.encodingOf(info), publicKey, signature)) {
    throw new CertificateError('CERTIFICATE_FORMAT', 'signature of the request does not match its key');
  }
  const attributes = body.optional(0xa0);
  return { subject, publicKey, names: attributes === undefined ? [] : requestedNames(body, attributes) };
}

function readPublicKey(spki: Uint8Array): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new CertificateError('CERTIFICATE_KEY', 'unreadable public key in the request', { cause });
  }
  const { text, weak } = describeKey(key);
  if (weak) throw new CertificateError('CERTIFICATE_KEY', `key of the request (${text}) is too weak`);
  return key;
}

function proves(digest: string | null, body: Uint8Array, key: KeyObject, signature: Uint8Array): boolean {
  try {
    return verify(digest, body, key, signature);
  } catch {
    return false;
  }
}

/** Names in the extensionRequest attribute (PKCS#9, 1.2.840.113549.1.9.14). */
function requestedNames(body: DerWalk, attributes: Element): AlternativeName[] {
  const list = body.into(attributes);
  while (!list.done) {
    const attribute = list.into(list.next(Tag.SEQUENCE));
    const type = objectIdentifier(attribute.contentOf(attribute.next(Tag.OBJECT_IDENTIFIER)));
    if (type !== '1.2.840.113549.1.9.14') continue;
    const set = attribute.into(attribute.next(Tag.SET));
    for (const { oid, value } of extensionsOf(set, set.next(Tag.SEQUENCE))) {
      if (oid === '2.5.29.17') return namesOf(value);
    }
  }
  return [];
}
