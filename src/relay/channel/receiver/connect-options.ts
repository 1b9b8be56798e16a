import { resolve } from 'node:path';
import type { Flavor } from '../../../binlog/index.ts';
import type { ConnectOptions } from '../../../connection/index.ts';
import type { SslOptions } from '../../../tls/index.ts';
import type { ChannelConfiguration } from '../configuration.ts';
import { sourceSslOptions } from './source-ssl.ts';

const FILES = ['sslCa', 'sslCapath', 'sslCert', 'sslKey', 'sslCrl', 'sslCrlpath'] as const;
const ALGORITHMS = ['zlib', 'zstd', 'uncompressed'] as const;

/**
 * How a channel connects to its source. Files are read when the connection is made; a relative path is one of the data folder, as with a
 * server.
 */
export function sourceConnectOptions(
  configuration: ChannelConfiguration,
  flavor: Flavor,
  folder: string,
  {
    user,
    password,
    publicKey,
  }: { readonly user: string; readonly password: string; readonly publicKey?: string | undefined },
): ConnectOptions {
  const wanted = configuration.sourceCompressionAlgorithms
    .split(',')
    .map((name) => name.trim().toLowerCase());
  return {
    host: configuration.sourceHost,
    port: configuration.sourcePort,
    ...(configuration.sourceBind === '' ? {} : { bindAddress: configuration.sourceBind }),
    user,
    ...(password === '' ? {} : { passwords: [password] }),
    ssl: inFolder(sourceSslOptions(configuration, flavor), folder),
    compression: ALGORITHMS.filter((name) => wanted.includes(name)),
    zstdLevel: configuration.sourceZstdCompressionLevel,
    getServerPublicKey: configuration.getSourcePublicKey,
    ...(publicKey === undefined ? {} : { serverPublicKey: publicKey }),
    attributes: {
      program_name: 'rowlock',
      _client_role: 'binary_log_listener',
      _client_replication_channel_name: configuration.channel,
    },
  };
}

function inFolder(options: SslOptions, folder: string): SslOptions {
  const resolved: Record<string, string> = {};
  for (const name of FILES) {
    const path = options[name];
    if (path !== undefined) resolved[name] = resolve(folder, path);
  }
  return { ...options, ...resolved };
}
