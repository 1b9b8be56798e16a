import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ServerError, systemError } from '../../errors/index.ts';
import {
  opensslWords,
  type PemContent,
  parseTlsVersions,
  prepareServer,
  type ServerSetup,
  TlsText,
  whyUnusable,
} from '../../tls/index.ts';
import type { AuditLog, TlsControl } from '../statements/context.ts';
import type { Variables } from '../variables/variables.ts';

/** ER_SSL_LIBRARY_ERROR */
const failed = (what: string, cause?: unknown, hint?: string): ServerError =>
  new ServerError(3888, 'HY000', `Failed to set up SSL because of the following SSL library error: ${what}`, {
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
  });

const NO_CERTIFICATE = TlsText.certificate.mysql;
const NO_KEY = TlsText.privateKey.mysql;

const NOTHING: TlsControl['active'] = {
  ca: '',
  cert: '',
  key: '',
  cipher: '',
  crl: '',
  version: '',
  ciphersuites: '',
  notBefore: '',
  notAfter: '',
};

/**
 * The certificate and authorities this relay shows and trusts, as the ssl_… variables name them. Sessions keep what they began with;
 * what does not load leaves everything as it was.
 */
export class TlsStore implements TlsControl {
  active: TlsControl['active'] = NOTHING;
  /** For the next connection. */
  setup: ServerSetup | undefined;
  readonly #variables: Variables;
  readonly #folder: string;
  readonly #audit: AuditLog;
  readonly #now: () => number;

  constructor(variables: Variables, folder: string, audit: AuditLog, now: () => number) {
    this.#variables = variables;
    this.#folder = folder;
    this.#audit = audit;
    this.#now = now;
  }

  async reload(): Promise<void> {
    const value = (name: string): string => this.#variables.text(name);
    const certificate = await this.#read('ssl_cert', NO_CERTIFICATE);
    const key = await this.#read('ssl_key', NO_KEY);
    const authorities = await this.#bundle('ssl_ca', 'ssl_capath');
    const crls = await this.#bundle('ssl_crl', 'ssl_crlpath');
    const versions = parseTlsVersions(value('tls_version'), 'mysql');
    if (versions === undefined) throw failed('TLS version is invalid');
    const leaf = this.#leaf(certificate);
    this.#demandPair(leaf, key);
    const sslCipher = value('ssl_cipher');
    const tlsCiphersuites = value('tls_ciphersuites');
    try {
      this.setup = prepareServer({
        certificate,
        key,
        versions,
        ...(authorities === '' ? {} : { authorities }),
        ...(crls === '' ? {} : { crls }),
        ...(sslCipher === '' ? {} : { sslCipher }),
        ...(tlsCiphersuites === '' ? {} : { tlsCiphersuites }),
      });
    } catch (cause) {
      const words = opensslWords((cause as Error).message);
      throw failed(
        NO_CERTIFICATE,
        cause,
        `OpenSSL refuses '${value('ssl_cert')}' with these settings: ${words}`,
      );
    }
    this.active = {
      ca: value('ssl_ca'),
      cert: value('ssl_cert'),
      key: value('ssl_key'),
      cipher: sslCipher,
      crl: value('ssl_crl'),
      version: value('tls_version'),
      ciphersuites: tlsCiphersuites,
      notBefore: leaf.validFrom,
      notAfter: leaf.validTo,
    };
    this.#audit.record('tls', { what: 'certificate loaded', subject: leaf.subject, notAfter: leaf.validTo });
  }

  disable(): void {
    this.setup = undefined;
    this.active = NOTHING;
    this.#audit.record('tls', { what: 'TLS is off until it is loaded again' });
  }

  #leaf(certificate: string): X509Certificate {
    const leaf = this.#parse('ssl_cert', certificate, 'certificate', () => new X509Certificate(certificate));
    const now = this.#now();
    if (Date.parse(leaf.validTo) < now || Date.parse(leaf.validFrom) > now)
      throw failed('Invalid certificates', undefined, `It holds from ${leaf.validFrom} to ${leaf.validTo}.`);
    return leaf;
  }

  /** OpenSSL takes a key of another kind than the certificate's without a word: every handshake would fail. */
  #demandPair(leaf: X509Certificate, text: string): void {
    const key = this.#parse('ssl_key', text, 'private key', (): KeyObject => createPrivateKey(text));
    if (leaf.checkPrivateKey(key)) return;
    const isOfKind = leaf.publicKey.asymmetricKeyType === key.asymmetricKeyType;
    const words = isOfKind ? TlsText.keyMismatch.mysql : TlsText.keyKind.mysql;
    const [keyFile, certificate] = ['ssl_key', 'ssl_cert'].map((name) => this.#variables.text(name));
    throw failed(
      words,
      undefined,
      `The key in '${keyFile}' does not belong to the certificate in '${certificate}'.`,
    );
  }

  #parse<T>(variable: string, text: string, what: PemContent, parse: () => T): T {
    try {
      return parse();
    } catch (cause) {
      const path = resolve(this.#folder, this.#variables.text(variable));
      const hint = `${variable}: ${whyUnusable(path, Buffer.from(text, 'latin1'), what, cause)}`;
      throw failed(what === 'certificate' ? NO_CERTIFICATE : NO_KEY, cause, hint);
    }
  }

  async #read(variable: string, what: string): Promise<string> {
    const path = this.#variables.text(variable);
    if (path === '') throw failed(what, undefined, `${variable} is not set.`);
    // Every byte is kept: what is no PEM is looked at.
    return readFile(resolve(this.#folder, path), 'latin1').catch((cause: unknown) => {
      throw failed(what, cause, `${variable} is '${path}': ${systemError(cause).text}`);
    });
  }

  /** A file, and all files of a folder. */
  async #bundle(file: string, folder: string): Promise<string> {
    const parts: string[] = [];
    const failure = 'SSL_CTX_set_default_verify_paths failed';
    if (this.#variables.text(file) !== '') parts.push(await this.#read(file, failure));
    const path = this.#variables.text(folder);
    if (path !== '') {
      const full = resolve(this.#folder, path);
      const names = await readdir(full).catch((cause: unknown) => {
        throw failed(failure, cause);
      });
      for (const name of names.sort()) parts.push(await readFile(join(full, name), 'utf8').catch(() => ''));
    }
    return parts.join('\n');
  }
}
