import type { OptionDefinition } from '../options/index.ts';
import { remoteOptions } from './binlog/options/remote-options.ts';
import { tlsOptions } from './binlog/options/tls-options.ts';

/** The options by which `rowlock binlog` finds a server: the same words mean the same here. */
const CONNECTION: ReadonlySet<string> = new Set([
  'host',
  'port',
  'user',
  'password',
  'socket',
  'protocol',
  'bind-address',
  'default_auth',
  'plugin_dir',
  'server-public-key-path',
  'get-server-public-key',
  'compress',
  'compression-algorithms',
  'zstd-compression-level',
]);

/** How our own commands are told of a server. */
export const connectionOptions: readonly OptionDefinition[] = [
  ...remoteOptions.filter(({ name }) => CONNECTION.has(name)),
  ...tlsOptions,
];
