import type { Flavor } from '../../../charset/index.ts';
import type { SslMode, SslOptions } from '../../../tls/index.ts';
import type { ChannelConfiguration } from '../configuration.ts';

/**
 * What the SOURCE_SSL_… settings of a channel come to, as MySQL's replicas read them: SOURCE_SSL alone wants TLS, an authority wants the
 * chain verified, SOURCE_SSL_VERIFY_SERVER_CERT the name as well. None of them falls back to plain.
 */
export function sourceSslMode(
  configuration: Pick<
    ChannelConfiguration,
    'sourceSsl' | 'sourceSslCa' | 'sourceSslCapath' | 'sourceSslVerifyServerCert'
  >,
): SslMode {
  if (!configuration.sourceSsl) return 'DISABLED';
  if (configuration.sourceSslVerifyServerCert) return 'VERIFY_IDENTITY';
  if (configuration.sourceSslCa !== '' || configuration.sourceSslCapath !== '') return 'VERIFY_CA';
  return 'REQUIRED';
}

/**
 * The same as options of a connection. Paths are as written: relative ones are the caller's matter. A MariaDB channel that verifies
 * without an authority has the account's password prove the certificate, as MariaDB 11.4 does.
 */
export function sourceSslOptions(configuration: ChannelConfiguration, flavor: Flavor = 'mysql'): SslOptions {
  const sslMode = sourceSslMode(configuration);
  const authorities = configuration.sourceSslCa !== '' || configuration.sourceSslCapath !== '';
  const proved = flavor === 'mariadb' && sslMode === 'VERIFY_IDENTITY' && !authorities;
  const given = {
    sslCa: configuration.sourceSslCa,
    sslCapath: configuration.sourceSslCapath,
    sslCert: configuration.sourceSslCert,
    sslKey: configuration.sourceSslKey,
    sslCipher: configuration.sourceSslCipher,
    sslCrl: configuration.sourceSslCrl,
    sslCrlpath: configuration.sourceSslCrlpath,
    tlsVersion: configuration.sourceTlsVersion,
  };
  const { sourceTlsCiphersuites } = configuration;
  return {
    dialect: flavor,
    ...(proved ? { ssl: true, sslVerifyServerCert: true } : { sslMode }),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
    ...(sourceTlsCiphersuites === null ? {} : { tlsCiphersuites: sourceTlsCiphersuites }),
  };
}
