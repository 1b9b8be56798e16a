import { setFips, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';
import { SecurityError } from '../errors/index.ts';
import { cipherList } from './ciphers.ts';
import { readSession, sessionNotReused } from './session-data.ts';
import {
  parseTlsVersions,
  resolvePolicy,
  type SslOptions,
  type TlsPolicy,
  type TlsVersion,
} from './ssl-options.ts';
import { SSL_CONNECTION_ERROR, TlsText, tlsError } from './tls-error.ts';
import { type OwnCertificate, readOwnCertificate, readTrust, type TrustFiles } from './tls-files.ts';

/** Everything a client needs to begin TLS: the policy, with its files read and checked. */
export interface ClientSetup {
  readonly policy: TlsPolicy;
  readonly context: SecureContext;
  readonly trust: TrustFiles;
  /** The authorities of ssl-ca and ssl-capath, for explanations. */
  readonly authorities: readonly X509Certificate[];
  readonly own: OwnCertificate | undefined;
  readonly versions: readonly TlsVersion[];
  readonly ciphers: string;
  /** Empty: no SNI is sent, as MySQL does unless `--tls-sni-servername` names one. */
  readonly servername: string;
  /** To be resumed. */
  readonly session: Buffer | undefined;
  readonly continueOnFailedReuse: boolean;
}

function enterFipsMode(mode: SslOptions['sslFipsMode']): void {
  if (mode === undefined || mode === 'OFF') return;
  try {
    setFips(true);
  } catch (cause) {
    throw new SecurityError(SSL_CONNECTION_ERROR, 'Failed to set ssl related options.', {
      cause,
      code: 'TLS_FIPS',
      hint: 'This Node has no FIPS provider: --ssl-fips-mode can only be OFF here.',
    });
  }
}

function chooseVersions(options: SslOptions): readonly TlsVersion[] {
  const allowed = allowedVersions(options);
  if (options.tlsCiphersuites !== '') return allowed;
  // OpenSSL offers nothing at all where the newest version has no suite; MariaDB has no such option.
  if (options.dialect !== 'mariadb' && allowed.includes('TLSv1.3')) throw noSuites(options);
  const older = allowed.filter((version) => version !== 'TLSv1.3');
  if (older.length > 0) return older;
  throw noSuites(options);
}

function noSuites({ dialect = 'mysql' }: SslOptions): SecurityError {
  return tlsError(dialect, 'TLS_CIPHERS', TlsText.noCiphers[dialect], {
    hints: ['--tls-ciphersuites is empty, and TLSv1.3 is allowed: nothing is left to offer in it'],
  });
}

function allowedVersions(options: SslOptions): readonly TlsVersion[] {
  const { dialect = 'mysql', tlsVersion } = options;
  if (tlsVersion === undefined) return ['TLSv1.2', 'TLSv1.3'];
  // Words that are no version of today are passed over as long as one is.
  const versions = parseTlsVersions(tlsVersion, dialect, 'lenient');
  if (versions !== undefined) return versions;
  // MariaDB ignores words it does not know, and what is left then is its default.
  if (dialect === 'mariadb') return ['TLSv1.2', 'TLSv1.3'];
  throw tlsError(dialect, 'TLS_VERSION', TlsText.version[dialect], {
    hints: [`--tls-version='${tlsVersion}': a comma list of TLSv1.2 and TLSv1.3 is expected`],
  });
}

/**
 * Reads the files the options name and makes Node's settings of them.
 *
 * @throws SecurityError in the words of the client library, hint beside
 */
export async function prepareClient(options: SslOptions): Promise<ClientSetup> {
  const policy = resolvePolicy(options);
  const { dialect } = policy;
  enterFipsMode(options.sslFipsMode);
  const file = options.sslSessionData;
  const saved = file === undefined ? undefined : await readSession(file);
  if (file !== undefined && saved === undefined && options.sslSessionDataContinueOnFailedReuse !== true) {
    throw sessionNotReused(file);
  }
  // Whoever resumes shows no certificate, and all OpenSSL tells is what was made of it when the session was saved, for other authorities
  // perhaps, or none.
  const session = policy.verify === 'none' ? saved : undefined;
  const authorities = options.sslCa !== undefined || options.sslCapath !== undefined;
  if (policy.verify !== 'none' && !authorities && needsAuthority(policy)) {
    throw tlsError(dialect, 'TLS_CA_REQUIRED', TlsText.authorityRequired[dialect], {
      hints: [
        `--ssl-mode=${policy.mode} needs --ssl-ca or --ssl-capath: against what should the certificate be checked?`,
      ],
    });
  }
  const versions = chooseVersions(options);
  const ciphers = cipherList(options);
  const trust = await trustOf(options, policy);
  const own = await readOwnCertificate(options);
  const servername = options.tlsSniServername ?? '';
  if (options.tlsSniServername === '') throw tlsError(dialect, 'TLS_SERVERNAME', TlsText.servername[dialect]);
  return {
    policy,
    context: makeContext(policy, trust, own, versions, ciphers),
    trust,
    authorities: (trust.authorities ?? []).flatMap(readable),
    own,
    versions,
    ciphers,
    servername,
    session,
    continueOnFailedReuse: options.sslSessionDataContinueOnFailedReuse === true,
  };
}

/** MySQL does not look at authorities that it is not going to ask, but it reads the lists; MariaDB wants to have everything read. */
async function trustOf(options: SslOptions, { verify, dialect }: TlsPolicy): Promise<TrustFiles> {
  if (verify !== 'none' || dialect === 'mariadb') return readTrust(options);
  const { sslCrl, sslCrlpath } = options;
  await readTrust({
    dialect,
    ...(sslCrl === undefined ? {} : { sslCrl }),
    ...(sslCrlpath === undefined ? {} : { sslCrlpath }),
  });
  return { authorities: undefined, crls: undefined, source: '' };
}

/** MariaDB falls back to the authorities the system trusts; MySQL wants to be told. */
function needsAuthority({ dialect, passwordProof }: TlsPolicy): boolean {
  return dialect === 'mysql' && !passwordProof;
}

function makeContext(
  { dialect, verify }: TlsPolicy,
  trust: TrustFiles,
  own: OwnCertificate | undefined,
  versions: readonly TlsVersion[],
  ciphers: string,
): SecureContext {
  const key = own?.key.export({ type: 'pkcs8', format: 'pem' });
  const authorities = verify === 'none' ? [] : trust.authorities;
  try {
    return createSecureContext({
      minVersion: versions[0] as SecureVersion,
      maxVersion: versions.at(-1) as SecureVersion,
      ciphers,
      // An empty array is "trust nobody"; absent is "trust whom Node trusts", whose reading takes 20 ms.
      ...(authorities === undefined ? {} : { ca: [...authorities] }),
      ...(verify === 'none' || trust.crls === undefined || trust.crls.length === 0
        ? {}
        : { crl: [...trust.crls] }),
      ...(own === undefined || key === undefined ? {} : { cert: own.chain, key }),
    });
  } catch (cause) {
    throw tlsError(dialect, 'TLS_SETTINGS', TlsText.verifyPaths[dialect], {
      cause,
      hints: [`OpenSSL refuses these settings (${(cause as Error).message})`],
    });
  }
}

function readable(pem: string): X509Certificate[] {
  try {
    return [new X509Certificate(pem)];
  } catch {
    return [];
  }
}
