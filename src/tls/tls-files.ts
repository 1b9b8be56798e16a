import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isEncryptedKey, pemBlocks } from './pem.ts';
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
const HASHED_AUTHORITY = /^[0-9a-f]{8}\.\d+$/;
const HASHED_CRL = /^[0-9a-f]{8}\.r\d+$/;

async function readFolder(folder: string, pattern: RegExp): Promise<string[]> {
  // A folder that cannot be read finds no certificate, as with OpenSSL: the verification fails, not the start.
  const names = await readdir(folder).catch(() => []);
  const wanted = names.filter((name) => pattern.test(name)).sort();
  return Promise.all(wanted.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
}

async function readPem(file: string, label: string, dialect: Dialect): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw tlsError(dialect, 'TLS_CA_UNREADABLE', TlsText.verifyPaths[dialect], {
      cause,
      file,
      hints: [`'${file}' cannot be read (${reason})`],
    });
  }
  const blocks = pemBlocks(text, label);
  const damaged = label === 'CERTIFICATE' && !blocks.every(isCertificate);
  // A list may stand beside certificates, or certificates where a list should be: a file with neither holds nothing.
  const holdsNothing = blocks.length === 0 && !/-----BEGIN [A-Z0-9 ]*(CERTIFICATE|CRL)-----/.test(text);
  if (damaged || holdsNothing) {
    throw tlsError(dialect, 'TLS_CA_UNREADABLE', TlsText.verifyPaths[dialect], {
      file,
      hints: [
        damaged
          ? `'${file}' holds a certificate that is damaged`
          : `'${file}' holds no ${label === 'CERTIFICATE' ? 'certificate' : 'revocation list'} in PEM form`,
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

async function readKey(file: string, options: SslOptions): Promise<KeyObject> {
  const text = await readFile(file, 'utf8');
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
  let chain: string;
  let certificate: X509Certificate;
  try {
    chain = pemBlocks(await readFile(certFile, 'utf8'), 'CERTIFICATE').join('');
    certificate = new X509Certificate(chain);
  } catch (cause) {
    throw tlsError(dialect, 'TLS_CERT_UNREADABLE', TlsText.certificate[dialect], {
      cause,
      file: certFile,
      hints: [`'${certFile}' cannot be used as a certificate (${reasonOf(cause)})`],
    });
  }
  let key: KeyObject;
  try {
    key = await readKey(keyFile, options);
  } catch (cause) {
    throw tlsError(dialect, 'TLS_KEY_UNREADABLE', TlsText.privateKey[dialect], {
      file: keyFile,
      hints: [`'${keyFile}' cannot be used as a private key (${reasonOf(cause)})`],
    });
  }
  if (!certificate.checkPrivateKey(key)) {
    throw tlsError(dialect, 'TLS_KEY_MISMATCH', TlsText.privateKey[dialect], {
      file: keyFile,
      hints: [`the private key in '${keyFile}' does not belong to the certificate in '${certFile}'`],
    });
  }
  return { chain, key, certificate };
}

/** Node's words, without what OpenSSL says of its own source files. */
function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code?.startsWith('E') && !code.startsWith('ERR_')
    ? code
    : message.replace(/^error:[^:]*:[^:]*:[^:]*:/, '');
}
