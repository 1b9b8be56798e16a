import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { CertificateError, DerWalk, Tag } from '../../tls/index.ts';
import { encryptPrivateKey } from './pbes2.ts';
import { formatPem, type PemBlock, parsePem } from './pem.ts';

/** Kinds of key the authority makes. `ec-p256` is the default; RSA is for servers and clients too old for it. */
export const keyKinds = ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'] as const;
export type KeyKind = (typeof keyKinds)[number];

/** PKCS#8 (`PRIVATE KEY`) or the traditional form of the algorithm (`RSA PRIVATE KEY`, `EC PRIVATE KEY`). */
export const keyForms = ['pkcs8', 'traditional'] as const;
export type KeyForm = (typeof keyForms)[number];

/** Whether yaSSL reads such a key, in builds of MySQL before 5.7.28. Null: it was made elsewhere. */
export function isYasslKey(kind: KeyKind | null, form: KeyForm): boolean {
  return form === 'traditional' && kind?.startsWith('rsa') === true;
}

const generate = promisify(generateKeyPair);

/** Makes a new private key. */
export async function makeKey(kind: KeyKind): Promise<KeyObject> {
  const [family, size = ''] = kind.split('-');
  const pair =
    family === 'ec'
      ? await generate('ec', { namedCurve: size === 'p384' ? 'P-384' : 'P-256' })
      : await generate('rsa', { modulusLength: Number(size), publicExponent: 0x10001 });
  return pair.privateKey;
}

/** PEM of a private key. With a passphrase always PKCS#8 (PBES2): the traditional encrypted form derives with MD5. */
export function formatKey(key: KeyObject, form: KeyForm = 'pkcs8', passphrase?: string): string {
  if (passphrase !== undefined) {
    return formatPem(
      'ENCRYPTED PRIVATE KEY',
      encryptPrivateKey(key.export({ type: 'pkcs8', format: 'der' }), passphrase),
    );
  }
  if (form === 'pkcs8') return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
  return key.export({ type, format: 'pem' }).toString();
}

/**
 * Reads the private key of a PEM block in any form OpenSSL reads.
 *
 * @throws CertificateError `CERTIFICATE_PASSPHRASE` when one is needed or wrong, `CERTIFICATE_KEY` when the bytes are no key.
 */
export function readKey(block: PemBlock, passphrase?: string): KeyObject {
  if (block.encrypted && passphrase === undefined) {
    throw new CertificateError(
      'CERTIFICATE_PASSPHRASE',
      'private key is under a passphrase and none was given',
    );
  }
  try {
    return createPrivateKey({
      key: block.pem,
      format: 'pem',
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch {
    // OpenSSL's own error may quote the input: it does not become the cause.
    if (block.encrypted)
      throw new CertificateError('CERTIFICATE_PASSPHRASE', 'wrong passphrase for the private key');
    throw new CertificateError('CERTIFICATE_KEY', `unreadable private key (${block.label})`);
  }
}

/** Reads the first private key of a PEM text. */
export function readKeyText(text: string, passphrase?: string): KeyObject {
  const block = parsePem(text).find(({ kind }) => kind === 'key');
  if (block === undefined) throw new CertificateError('CERTIFICATE_KEY', 'no private key');
  return readKey(block, passphrase);
}

/** True when the two keys, private or public, are halves of the same pair. */
export function sameKey(one: KeyObject, other: KeyObject): boolean {
  return publicBytes(one).equals(publicBytes(other));
}

/** SubjectPublicKeyInfo of a key, private or public. */
export function publicBytes(key: KeyObject): Buffer {
  return (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
}

/** Curves by OpenSSL's names that servers and clients of today all take. Measured with MySQL 9.7 and MariaDB 11.8. */
const usualCurves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/** Algorithm and strength, e.g. `RSA 2048` or `EC P-256`, and whether some of today's servers or clients refuse it. */
export function describeKey(key: KeyObject): { readonly text: string; readonly weak: boolean } {
  const type = key.asymmetricKeyType ?? 'unknown';
  const details = key.asymmetricKeyDetails ?? {};
  if (type === 'rsa' || type === 'rsa-pss') {
    const bits = details.modulusLength ?? 0;
    return { text: `${type.toUpperCase()} ${bits}`, weak: bits < 2048 };
  }
  if (type === 'ec') {
    const curve = spellsCurve(key) ? 'with explicit parameters' : (details.namedCurve ?? 'unknown curve');
    const usual = usualCurves[curve];
    return { text: `EC ${usual ?? curve}`, weak: usual === undefined };
  }
  return { text: type === 'dsa' ? 'DSA' : type.replace(/^ed/, 'Ed'), weak: type !== 'ed25519' };
}

/** True where a key has its curve's parameters instead of its name, which OpenSSL refuses in a chain (RFC 5480, 2.1.1). */
function spellsCurve(key: KeyObject): boolean {
  const walk = new DerWalk(publicBytes(key));
  const info = walk.into(walk.next(Tag.SEQUENCE));
  const algorithm = info.into(info.next(Tag.SEQUENCE));
  algorithm.next(Tag.OBJECT_IDENTIFIER);
  return algorithm.nextTag === Tag.SEQUENCE;
}
