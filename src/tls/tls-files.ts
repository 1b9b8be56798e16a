import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, systemError } from '../errors/index.ts';
import { isEncryptedKey, pemBlocks } from './pem.ts';
import { whyUnusable } from './pem-file.ts';
import type { Dialect, SslOptions } from './ssl-options.ts';
import { TlsText, tlsError } from './tls-error.ts';

/** Certificates of authorities and their revocation lists, and where they came from. */
export interface TrustFiles {
  /** PEM texts. Undefined: no option named any. */
  readonly authorities: readonly string[] | undefined;
  /** PEM texts, one list each: Node takes only the first of a text that holds several. Undefined: no checking asked for. */
  readonly crls: readonly string[] | undefined;
  /** For messages: `'ca.pem'`. */
  readonly source: string;
}

/** OpenSSL looks up authorities as `hash.0`, `hash.1`… and revocation lists as `hash.r0`… (`openssl rehash` makes them). */
const HASHED_AUTHORITY = /^[0-9a-f]{8}\.(?:0|[1-9]\d*)$/;
const HASHED_CRL = /^[0-9a-f]{8}\.r(?:0|[1-9]\d*)$/;

async function readFolder(folder: string, pattern: RegExp): Promise<string[]> {
  // A folder that cannot be read finds no certificate, as with OpenSSL: the verification fails, not the start.
  const names = await readdir(folder).catch(() => []);
  const hashed = new Set(names.filter((name) => pattern.test(name)));
  const wanted = [...hashed].filter((name) => isReached(name, hashed)).sort();
  return Promise.all(wanted.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
}

/** OpenSSL counts up from 0 and ends at the first number that is not there. */
function isReached(name: string, names: ReadonlySet<string>): boolean {
  const [, stem = '', number = ''] = /^(.*?)(\d+)$/.exec(name) ?? [];
  const last = Number(number);
  // More than there are files cannot be without a gap.
  if (last >= names.size) return false;
  return Array.from({ length: last }, (_, count) => `${stem}${count}`).every((earlier) => names.has(earlier));
}

async function readPem(file: string, label: string, dialect: Dialect): Promise<string[]> {
  let bytes: Buffer | undefined;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw tlsError(dialect, 'TLS_CA_UNREADABLE', fileWords('verifyPaths', dialect, cause), {
      cause,
      file,
      hints: [whyUnusable(file, undefined, 'certificate', cause)],
    });
  }
  const text = bytes.toString();
  const blocks = pemBlocks(text, label);
  const damaged = label === 'CERTIFICATE' && !blocks.every(isCertificate);
  // A list may stand beside certificates, or certificates where a list should be: a file with neither holds nothing.
  const holdsNothing = blocks.length === 0 && !/-----BEGIN [A-Z0-9 ]*(CERTIFICATE|CRL)-----/.test(text);
  if (damaged || holdsNothing) {
    throw tlsError(dialect, 'TLS_CA_UNREADABLE', fileWords('verifyPaths', dialect), {
      file,
      hints: [
        damaged
          ? `'${file}' holds a certificate that is damaged`
          : label === 'CERTIFICATE'
            ? whyUnusable(file, bytes, 'certificate', undefined)
            : `'${file}' holds no revocation list in PEM form`,
      ],
    });
  }
  return blocks;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber !== '';
  } catch {
    return false;
  }
}

/** Reads ssl-ca, ssl-capath, ssl-crl and ssl-crlpath. */
export async function readTrust(options: SslOptions): Promise<TrustFiles> {
  const { dialect = 'mysql', sslCa, sslCapath, sslCrl, sslCrlpath } = options;
  const authorities = [
    ...(sslCa === undefined ? [] : await readPem(sslCa, 'CERTIFICATE', dialect)),
    ...(sslCapath === undefined ? [] : await readFolder(sslCapath, HASHED_AUTHORITY)),
  ].flatMap((text) => pemBlocks(text, 'CERTIFICATE'));
  const crls = [
    ...(sslCrl === undefined ? [] : await readPem(sslCrl, 'CRL', dialect)),
    ...(sslCrlpath === undefined ? [] : await readFolder(sslCrlpath, HASHED_CRL)),
  ].flatMap((text) => pemBlocks(text, 'CRL'));
  return {
    authorities: sslCa === undefined && sslCapath === undefined ? undefined : authorities,
    crls: sslCrl === undefined && sslCrlpath === undefined ? undefined : crls,
    source: [sslCa, sslCapath]
      .filter((path) => path !== undefined)
      .map((path) => `'${path}'`)
      .join(' and '),
  };
}

/** The certificate this end shows, with its key. */
export interface OwnCertificate {
  readonly chain: string;
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
}

async function parseKey(text: string, file: string, options: SslOptions): Promise<KeyObject> {
  if (!isEncryptedKey(text)) return createPrivateKey(text);
  const passphrase = await options.passphrase?.(file);
  if (passphrase === undefined) throw new Error('the key is encrypted and no passphrase was given');
  return createPrivateKey({ key: text, passphrase });
}

/** Reads ssl-cert and ssl-key. Where only one is given, that file serves for both, as with MySQL. */
export async function readOwnCertificate(options: SslOptions): Promise<OwnCertificate | undefined> {
  const { dialect = 'mysql', sslCert, sslKey } = options;
  const certFile = sslCert ?? sslKey;
  const keyFile = sslKey ?? sslCert;
  if (certFile === undefined || keyFile === undefined) return undefined;
  // Who forgot one of the two is told so, not of a file that is as it should be.
  const forgotten = (name: string): string[] =>
    sslCert === undefined || sslKey === undefined ? [`${name} names another file for it`] : [];
  let bytes: Buffer | undefined;
  let chain: string;
  let certificate: X509Certificate;
  try {
    bytes = await readFile(certFile);
    chain = pemBlocks(bytes.toString(), 'CERTIFICATE').join('');
    certificate = new X509Certificate(chain);
  } catch (cause) {
    throw tlsError(dialect, 'TLS_CERT_UNREADABLE', fileWords('certificate', dialect, cause), {
      cause,
      file: certFile,
      hints: [whyUnusable(certFile, bytes, 'certificate', cause), ...forgotten('--ssl-cert')],
    });
  }
  bytes = undefined;
  let key: KeyObject;
  try {
    bytes = await readFile(keyFile);
    key = await parseKey(bytes.toString(), keyFile, options);
  } catch (cause) {
    throw tlsError(dialect, 'TLS_KEY_UNREADABLE', fileWords('privateKey', dialect, cause), {
      file: keyFile,
      hints: [whyUnusable(keyFile, bytes, 'private key', cause), ...forgotten('--ssl-key')],
    });
  }
  if (!certificate.checkPrivateKey(key)) {
    const isOfKind = certificate.publicKey.asymmetricKeyType === key.asymmetricKeyType;
    const [code, words] = isOfKind
      ? (['TLS_KEY_MISMATCH', TlsText.keyMismatch] as const)
      : (['TLS_KEY_KIND', TlsText.keyKind] as const);
    throw tlsError(dialect, code, words[dialect], {
      file: keyFile,
      hints: [`the private key in '${keyFile}' does not belong to the certificate in '${certFile}'`],
    });
  }
  return { chain, key, certificate };
}

/** MariaDB's words tell a file that cannot be opened from one that holds something else. */
function fileWords(
  what: 'verifyPaths' | 'certificate' | 'privateKey',
  dialect: Dialect,
  cause?: unknown,
): string {
  const isClosed = dialect === 'mariadb' && isSystemError(cause) && cause.code !== 'EISDIR';
  if (!isClosed) return TlsText[what][dialect];
  const { text, errno } = systemError(cause);
  return `${text} (${errno})`;
}
