import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { ClientErrno, type ConnectOptions, type Target } from '../../../connection/index.ts';
import { ConnectionError, UsageError } from '../../../errors/index.ts';
import type { Dialect } from '../../../options/index.ts';
import { resolvePolicy, type SslOptions } from '../../../tls/index.ts';
import type { Remote, TlsOptionValues } from '../options/index.ts';
import { askSecret } from './ask-secret.ts';

type Compression = NonNullable<ConnectOptions['compression']>[number];

/** What the settings take from their surroundings. */
export interface ConnectSurroundings {
  readonly dialect: Dialect;
  /** How we introduce ourselves: the name that was started. */
  readonly program: string;
  readonly cwd: string;
  readonly warn: (line: string) => void;
  /** The first connection of a run: what MariaDB's tools say once is said then. */
  readonly isFirst: boolean;
}

/** Where distributions (Debian, then upstream) put a server's socket. */
const SOCKETS = {
  mysql: ['/var/run/mysqld/mysqld.sock', '/tmp/mysql.sock'],
  mariadb: ['/run/mysqld/mysqld.sock', '/tmp/mysql.sock'],
} as const;

/**
 * How to reach the server that the options name.
 *
 * @throws ConnectionError, UsageError in the client library's words, where they contradict each other
 */
export function connectSettings(remote: Remote, surroundings: ConnectSurroundings): ConnectOptions {
  const { dialect, program, cwd, warn } = surroundings;
  const compression = compressionOf(remote);
  const key = remote.serverPublicKeyPath;
  const target = targetOf(remote, dialect);
  const trusted = isTrustedUnseen(remote, target, dialect);
  if (trusted && surroundings.isFirst) warn(PASSWORDLESS);
  const ssl = { ...sslOf(remote.tls, dialect, cwd), ...(trusted ? { sslVerifyServerCert: false } : {}) };
  for (const line of resolvePolicy(ssl).warnings) warn(line);
  return {
    ...target,
    // An empty name is none.
    user: remote.user || loginName(),
    ...(remote.password === undefined ? {} : { passwords: [remote.password] }),
    ssl,
    ...(remote.defaultAuth === undefined ? {} : { defaultAuth: remote.defaultAuth }),
    enableCleartextPlugin: remote.enableCleartextPlugin,
    ...(key === undefined ? {} : publicKey(resolve(cwd, key))),
    getServerPublicKey: remote.getServerPublicKey,
    ...(compression === undefined ? {} : { compression }),
    zstdLevel: remote.zstdCompressionLevel,
    attributes: { program_name: program, _client_role: 'binary_log_listener' },
  };
}

/**
 * The client libraries' rule: localhost, like no host at all, means the socket, unless a protocol says otherwise. MariaDB's reaches
 * another host over TCP even where a socket was asked for.
 */
function targetOf({ host, port, socket, protocol, bindAddress }: Remote, dialect: Dialect): Target {
  const isLocal = host === undefined || host === '' || host === 'localhost';
  const takesSocket = process.platform !== 'win32' && isLocal && protocol !== 'TCP';
  if (
    protocol === 'MEMORY' ||
    (protocol === 'PIPE' && process.platform !== 'win32') ||
    (protocol === 'SOCKET' && !takesSocket && dialect === 'mysql')
  ) {
    throw new ConnectionError(ClientErrno.CR_CONN_UNKNOW_PROTOCOL, 'Wrong or unknown protocol');
  }
  if (takesSocket) {
    const [usual, other] = SOCKETS[dialect];
    return { socketPath: socket ?? (existsSync(usual) || !existsSync(other) ? usual : other) };
  }
  if (protocol === 'PIPE') return { socketPath: `\\\\.\\pipe\\${socket ?? 'MySQL'}` };
  return {
    host: isLocal ? 'localhost' : host,
    ...(port === 0 ? {} : { port }),
    ...(bindAddress === undefined ? {} : { bindAddress }),
  };
}

const PASSWORDLESS =
  'WARNING: option --ssl-verify-server-cert is disabled, because of an insecure passwordless login.';

/**
 * MariaDB verifies by default, by the password where no authority is given. Its tools let that go where it says nothing: over TCP that
 * was asked for (by a protocol, or by a port on the command line) without a password.
 */
function isTrustedUnseen(
  { tls, password, protocol }: Remote,
  { socketPath }: Target,
  dialect: Dialect,
): boolean {
  if (dialect !== 'mariadb' || tls.ssl === false || tls.sslMode !== undefined) return false;
  if (tls.verifyServerCert !== undefined || tls.ca !== undefined || tls.capath !== undefined) return false;
  if (socketPath !== undefined) return false;
  return (password ?? '') === '' && protocol === 'TCP';
}

/** Who has logged in, as the client libraries find out: root is root whoever became it. */
function loginName(): string {
  return process.geteuid?.() === 0 ? 'root' : userInfo().username;
}

function publicKey(path: string): { serverPublicKey: string } {
  try {
    return { serverPublicKey: readFileSync(path, 'latin1') };
  } catch (cause) {
    throw new UsageError(`cannot read --server-public-key-path '${path}': ${(cause as Error).message}`);
  }
}

function compressionOf({ compress, compressionAlgorithms }: Remote): readonly Compression[] | undefined {
  if (compressionAlgorithms === undefined) return compress ? ['zlib', 'uncompressed'] : undefined;
  const words = compressionAlgorithms.split(',').map((word) => word.trim().toLowerCase());
  const known = words.filter(
    (word): word is Compression => word === 'zlib' || word === 'zstd' || word === 'uncompressed',
  );
  // The client library finds out when it has a server to agree with: none of these can be agreed on.
  if (known.length < words.length) return [];
  // The older option stays what it was beside the newer one.
  return compress && !known.includes('zlib') ? [...known, 'zlib'] : known;
}

function sslOf(tls: TlsOptionValues, dialect: Dialect, cwd: string): SslOptions {
  if (tls.fingerprint !== undefined || tls.fingerprintList !== undefined) {
    throw new UsageError('--ssl-fp and --ssl-fplist are not supported', {
      hint: 'Give the certificate itself, or its authority, with --ssl-ca.',
    });
  }
  // An empty path stays one: nothing is there.
  const path = (file: string | undefined): string | undefined => (file ? resolve(cwd, file) : file);
  const given = {
    sslMode: tls.sslMode,
    ssl: tls.ssl,
    sslVerifyServerCert: tls.verifyServerCert,
    sslCa: path(tls.ca),
    sslCapath: path(tls.capath),
    sslCert: path(tls.cert),
    sslKey: path(tls.key),
    sslCipher: tls.cipher,
    sslCrl: path(tls.crl),
    sslCrlpath: path(tls.crlpath),
    tlsVersion: tls.tlsVersion,
    tlsCiphersuites: tls.tlsCiphersuites,
    tlsSniServername: tls.sniServername,
    sslFipsMode: tls.fipsMode,
    sslSessionData: path(tls.sessionData),
  };
  return {
    ...(Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as Partial<SslOptions>),
    dialect,
    trustsLocal: dialect === 'mariadb',
    sslSessionDataContinueOnFailedReuse: tls.continueOnFailedReuse,
    passphrase: () => askSecret('Enter PEM pass phrase:'),
  };
}
