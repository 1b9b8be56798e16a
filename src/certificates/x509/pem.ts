import { CertificateError } from '../../tls/index.ts';
import { type ExplicitTrust, readTrusted } from './explicit-trust.ts';
import { limits } from './limits.ts';

/** What a PEM block holds. */
export type PemKind = 'certificate' | 'key' | 'crl' | 'request' | 'other';

/** One block of a PEM file. */
export interface PemBlock {
  /** The word between `BEGIN` and the dashes, e.g. `RSA PRIVATE KEY`. */
  readonly label: string;
  readonly kind: PemKind;
  /** The bytes inside; of a trusted certificate the certificate. For a key in the old encrypted form these are ciphertext. */
  readonly der: Buffer;
  /** The block as clean PEM with `\n` line ends: what OpenSSL and Node read whatever the file's own line ends were. */
  readonly pem: string;
  /** What the block of a trusted certificate adds to it. */
  readonly trust?: ExplicitTrust;
  /** Line of the file the block starts on, from 1. */
  readonly line: number;
  /** True when the private key inside is under a passphrase. */
  readonly encrypted: boolean;
}

const TRUSTED = 'TRUSTED CERTIFICATE';

const kinds: Readonly<Record<string, PemKind>> = {
  CERTIFICATE: 'certificate',
  'X509 CERTIFICATE': 'certificate',
  'TRUSTED CERTIFICATE': 'certificate',
  'X509 CRL': 'crl',
  'CERTIFICATE REQUEST': 'request',
  'NEW CERTIFICATE REQUEST': 'request',
  'PRIVATE KEY': 'key',
  'ENCRYPTED PRIVATE KEY': 'key',
  'RSA PRIVATE KEY': 'key',
  'EC PRIVATE KEY': 'key',
  'DSA PRIVATE KEY': 'key',
};

/** PEM text of DER bytes: 64 columns and a final newline, so that files can be joined with `cat`. */
export function formatPem(label: string, der: Uint8Array): string {
  const body = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

/**
 * Reads every block of a PEM file. Text around blocks, CRLF or CR line ends, a byte order mark, blank lines and a
 * missing final newline are all accepted, as other tools write them.
 *
 * @throws CertificateError (`CERTIFICATE_FORMAT`) for a block that is torn, mislabelled or not base64.
 */
export function parsePem(text: string): PemBlock[] {
  if (text.length > limits.pemFileBytes) {
    throw formatError(`PEM file of ${text.length} bytes exceeds ${limits.pemFileBytes}`);
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const blocks: PemBlock[] = [];
  for (let index = 0; index < lines.length; index++) {
    const label = /^\s*-----BEGIN ([A-Z0-9 ]+)-----\s*$/.exec(lines[index] ?? '')?.[1];
    if (label === undefined) continue;
    if (blocks.length === limits.pemBlocks)
      throw formatError(`PEM file with more than ${limits.pemBlocks} blocks`);
    const end = endOfBlock(lines, index, label);
    blocks.push(readBlock(label, lines.slice(index + 1, end), index + 1));
    index = end;
  }
  return blocks;
}

function endOfBlock(lines: readonly string[], start: number, label: string): number {
  for (let index = start + 1; index < lines.length; index++) {
    const match = /^\s*-----(BEGIN|END) ([A-Z0-9 ]+)-----\s*$/.exec(lines[index] ?? '');
    if (match === null) continue;
    if (match[1] === 'END' && match[2] === label) return index;
    throw formatError(
      `PEM block ${label} of line ${start + 1} meets ${match[1]} ${match[2]} on line ${index + 1}`,
    );
  }
  throw formatError(`PEM block ${label} of line ${start + 1} has no end`);
}

function readBlock(label: string, lines: readonly string[], line: number): PemBlock {
  // RFC 1421 headers (`Proc-Type: 4,ENCRYPTED`, `DEK-Info: …`) precede a blank line in the old encrypted key form.
  const headers = lines.filter((text) => text.includes(':'));
  const base64 = lines
    .filter((text) => !text.includes(':'))
    .join('')
    .replace(/\s+/g, '');
  if (base64 === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw formatError(`PEM block ${label} of line ${line} is not base64`);
  }
  const der = Buffer.from(base64, 'base64');
  const kind = kinds[label] ?? 'other';
  const largest = kind === 'crl' ? limits.revocationListBytes : limits.certificateBytes;
  if (der.length > largest) throw formatError(`PEM block ${label} of ${der.length} bytes exceeds ${largest}`);
  const body = base64.replace(/.{64}(?=.)/g, '$&\n');
  const head = headers.length === 0 ? '' : `${headers.map((text) => text.trim()).join('\n')}\n\n`;
  const trusted = label === TRUSTED ? trustedOf(der, line) : undefined;
  return {
    label,
    kind,
    der: trusted?.certificate ?? der,
    ...(trusted === undefined ? {} : { trust: trusted.trust }),
    pem: `-----BEGIN ${label}-----\n${head}${body}\n-----END ${label}-----\n`,
    line,
    encrypted:
      label === 'ENCRYPTED PRIVATE KEY' || headers.some((text) => /^\s*Proc-Type:.*ENCRYPTED/.test(text)),
  };
}

function trustedOf(bytes: Buffer, line: number): ReturnType<typeof readTrusted> {
  try {
    return readTrusted(bytes);
  } catch {
    throw formatError(`PEM block ${TRUSTED} of line ${line} holds none`);
  }
}

function formatError(message: string): CertificateError {
  return new CertificateError('CERTIFICATE_FORMAT', message);
}
