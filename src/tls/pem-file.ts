import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isSystemError, systemError } from '../errors/index.ts';
import { isEncryptedKey } from './pem.ts';

/** What somebody wanted of a file. */
export type PemContent = 'certificate' | 'private key';

/** The tag of a SEQUENCE, with which every file in DER form begins. */
const DER_SEQUENCE = 0x30;
/** A PKCS#12 file begins with its version, 3, behind a length of at most four bytes. */
const PKCS12_VERSION = Buffer.from([0x02, 0x01, 0x03, 0x30]);
const PKCS12_VERSION_AT_MOST = 6;
/** Byte order marks. */
const UTF16_MARKS: ReadonlySet<string> = new Set(['\xff\xfe', '\xfe\xff']);
/** RFC 7468: what stands behind BEGIN, in the words of people. */
const LABELS: readonly (readonly [RegExp, string])[] = [
  [/^OPENSSH PRIVATE KEY$/, 'a key in the form of OpenSSH'],
  [/PRIVATE KEY$/, 'a private key'],
  [/CERTIFICATE REQUEST$/, 'a certificate request'],
  [/CERTIFICATE$/, 'a certificate'],
  [/CRL$/, 'a revocation list'],
  [/PUBLIC KEY$/, 'a public key'],
];

/** Why a file cannot be used, and what makes another one of it. `cause`: what reading or parsing it ended with. */
export function whyUnusable(
  file: string,
  bytes: Buffer | undefined,
  wanted: PemContent,
  cause: unknown,
): string {
  if (bytes === undefined || isSystemError(cause))
    return `'${file}' cannot be read: ${systemError(cause).text}`;
  if (bytes.length === 0) return `'${file}' is empty`;
  if (bytes[0] === DER_SEQUENCE) return ofDer(file, bytes, wanted);
  if (UTF16_MARKS.has(bytes.toString('latin1', 0, 2)))
    return `'${file}' is a text in UTF-16, and PEM is plain ASCII`;
  const text = bytes.toString('latin1');
  const labels = Array.from(text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g), ([, label = '']) => label);
  const held = labels.map((label) => LABELS.find(([words]) => words.test(label))?.[1] ?? label);
  if (held.includes(`a ${wanted}`)) {
    const needsPassphrase = wanted === 'private key' && isEncryptedKey(text);
    const reason = needsPassphrase && cause instanceof Error ? cause.message : 'it is damaged';
    return `'${file}' cannot be used as a ${wanted}: ${reason}`;
  }
  return held.length === 0
    ? `'${file}' holds no ${wanted} in PEM form`
    : `'${file}' holds ${[...new Set(held)].join(' and ')}, and no ${wanted}`;
}

function ofDer(file: string, bytes: Buffer, wanted: PemContent): string {
  const version = bytes.indexOf(PKCS12_VERSION);
  if (version > 0 && version <= PKCS12_VERSION_AT_MOST) {
    const what = wanted === 'certificate' ? '-nokeys' : '-nocerts -nodes';
    return `'${file}' looks like PKCS#12, and PEM is needed: openssl pkcs12 -in ${file} ${what} -out FILE.pem`;
  }
  const found = inDer(bytes);
  if (found === undefined) return `'${file}' holds no ${wanted} in PEM form`;
  const program = found === 'certificate' ? 'x509' : 'pkey';
  return `'${file}' is a ${found} in DER form, and PEM is needed: openssl ${program} -inform DER -in ${file} -out FILE.pem`;
}

function inDer(bytes: Buffer): PemContent | undefined {
  const readings: readonly (readonly [PemContent, () => unknown])[] = [
    ['certificate', () => new X509Certificate(bytes)],
    ...(['pkcs8', 'pkcs1', 'sec1'] as const).map(
      (type) => ['private key', () => createPrivateKey({ key: bytes, format: 'der', type })] as const,
    ),
  ];
  for (const [content, read] of readings) {
    try {
      read();
      return content;
    } catch {
      // Something else, then.
    }
  }
  return undefined;
}
