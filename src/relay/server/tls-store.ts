import { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ServerError } from '../../errors/index.ts';
import { parseTlsVersions, prepareServer, type ServerSetup } from '../../tls/index.ts';
import type { AuditLog, TlsControl } from '../statements/context.ts';
import type { Variables } from '../variables/variables.ts';

/** ER_SSL_LIBRARY_ERROR */
const failed = (what: string, cause?: unknown, hint?: string): ServerError =>
  new ServerError(3888, 'HY000', `Failed to set up SSL because of the following SSL library error: ${what}`, {
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
  });

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
    const certificate = await this.#read('ssl_cert', 'Unable to get certificate');
    const key = await this.#read('ssl_key', 'Unable to get private key');
    const authorities = await this.#bundle('ssl_ca', 'ssl_capath');
    const crls = await this.#bundle('ssl_crl', 'ssl_crlpath');
    const versions = parseTlsVersions(value('tls_version'), 'mysql');
    if (versions === undefined) throw failed('TLS version is invalid');
    const leaf = this.#leaf(certificate);
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
      const mismatch = /key values mismatch|PEM|private key|no start line/i.test((cause as Error).message);
      throw failed(mismatch ? 'Unable to get private key' : 'Unable to get certificate', cause);
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
    let leaf: X509Certificate;
    try {
      leaf = new X509Certificate(certificate);
    } catch (cause) {
      throw failed('Unable to get certificate', cause);
    }
    const now = this.#now();
    if (Date.parse(leaf.validTo) < now || Date.parse(leaf.validFrom) > now)
      throw failed('Invalid certificates', undefined, `It holds from ${leaf.validFrom} to ${leaf.validTo}.`);
    return leaf;
  }

  async #read(variable: string, what: string): Promise<string> {
    const path = this.#variables.text(variable);
    if (path === '') throw failed(what, undefined, `${variable} is not set.`);
    return readFile(resolve(this.#folder, path), 'utf8').catch((cause: unknown) => {
      throw failed(what, cause, `${variable} is '${path}'.`);
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
