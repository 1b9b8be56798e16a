import { UsageError } from '../../errors/index.ts';
import { SSL_MODES, type SslOptions } from '../../tls/index.ts';
import type { ConnectionOptions } from './connection-options.ts';

/** Every option of TLS: the compiler says which one is missing. */
const sslOptions: Readonly<Record<keyof SslOptions, true>> = {
  dialect: true,
  sslMode: true,
  ssl: true,
  sslVerifyServerCert: true,
  trustsLocal: true,
  sslCa: true,
  sslCapath: true,
  sslCert: true,
  sslKey: true,
  sslCipher: true,
  sslCrl: true,
  sslCrlpath: true,
  tlsVersion: true,
  tlsCiphersuites: true,
  tlsSniServername: true,
  sslFipsMode: true,
  sslSessionData: true,
  sslSessionDataContinueOnFailedReuse: true,
  passphrase: true,
};

/**
 * What JavaScript lets pass and TypeScript does not. Above all options of TLS that are another library's: a `ca` that counts for nothing would
 * leave a connection unverified, and nobody would know.
 *
 * @throws UsageError
 */
export function checkConnection(options: ConnectionOptions): void {
  if (typeof options !== 'object' || options === null) refuse('how to reach the server is not said');
  const { user, password, port, ssl, signal } = options;
  if (typeof user !== 'string') refuse('`user` is not a text');
  if (port !== undefined && !Number.isInteger(port)) refuse('`port` is not a whole number');
  const passwords: readonly unknown[] = Array.isArray(password) ? password : [password ?? ''];
  if (passwords.some((each) => typeof each !== 'string'))
    refuse('`password` is neither a text nor a list of texts');
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse('`signal` is no AbortSignal');
  if (ssl !== undefined) checkSsl(ssl);
}

function checkSsl(ssl: SslOptions): void {
  const hint = `Its options are those of the clients: { sslMode: 'VERIFY_IDENTITY', sslCa: 'ca.pem' }.`;
  if (typeof ssl !== 'object' || ssl === null) refuse('`ssl` is no object of options', hint);
  const stranger = Object.keys(ssl).find((name) => !Object.hasOwn(sslOptions, name));
  if (stranger !== undefined) refuse(`\`ssl\` has no option '${stranger}'`, hint);
  const { sslMode } = ssl;
  if (sslMode !== undefined && !SSL_MODES.includes(sslMode))
    refuse(`\`sslMode\` is none of ${SSL_MODES.join(', ')}`);
}

function refuse(message: string, hint?: string): never {
  throw new UsageError(message, hint === undefined ? {} : { hint });
}
