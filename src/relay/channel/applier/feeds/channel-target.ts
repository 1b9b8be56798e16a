import { resolve } from 'node:path';
import type { Flavor } from '../../../../binlog/index.ts';
import type { ConnectOptions } from '../../../../connection/index.ts';
import {
  makeTarget,
  parseTargetUrl,
  type ServerUrl,
  SourceTables,
  type TargetSessions,
  type TargetUrl,
} from '../../../../target/index.ts';
import { parseSslMode, type SslOptions } from '../../../../tls/index.ts';
import { storedExpressions } from '../../../views/stored-expressions.ts';
import type { ChannelConfiguration, ChannelTarget } from '../../configuration.ts';
import type { ChannelTargetInUse } from './target-feed.ts';

/** What a channel's target is made from, beside the channel's own settings. */
export interface TargetSurroundings {
  readonly flavor: Flavor;
  /** The data folder. */
  readonly folder: string;
  /** `rowlock_target`: for channels that name none. */
  usual(): string;
  /** How sessions work side by side in a target that is a server. */
  sessions(): TargetSessions;
  /** How to reach the source, which is asked how its tables look. */
  source(): Promise<ConnectOptions>;
  /** The password of a target that is a server. */
  password(): Promise<string>;
  /** A row of the target was not as the source had it, and the channel went on. */
  conflict(error: Error): void;
}

/** Folder of the tables in the data folder. */
const TABLES = 'tables';

/** Where a channel's rows go; undefined: nowhere but into the binary log. @throws UsageError */
export function targetUrl(url: string, usual: string, folder: string): TargetUrl | undefined {
  const named = url === '' ? usual : url;
  if (named === '' || /^none$/i.test(named)) return undefined;
  const parsed = parseTargetUrl(named, TABLES);
  return parsed.kind === 'sqlite' ? { ...parsed, folder: resolve(folder, parsed.folder) } : parsed;
}

/** Makes the target of a channel; whoever takes it opens and closes it. @throws UsageError */
export function channelTarget(
  { target, filters, requireTablePrimaryKeyCheck }: ChannelConfiguration,
  surroundings: TargetSurroundings,
): ChannelTargetInUse | undefined {
  const { flavor, folder } = surroundings;
  const url = targetUrl(target.url, surroundings.usual(), folder);
  if (url === undefined) return undefined;
  const tables = new SourceTables(() => surroundings.source());
  return {
    target: makeTarget(url, {
      flavor: () => flavor,
      conflicts: target.onConflict,
      primaryKeys: requireTablePrimaryKeyCheck,
      onConflict: (conflict) => surroundings.conflict(conflict),
      lookUp: tables.renamed(filters.rewriteDb),
      expressions: storedExpressions,
      ...(url.kind === 'server'
        ? {
            sessions: surroundings.sessions(),
            server: async () => serverOptions(url, target, folder, await surroundings.password()),
          }
        : {}),
    }),
    close: () => tables.close(),
  };
}

/** How to reach a target that is a server. Files are relative to the data folder, as those of a source. */
function serverOptions(
  url: ServerUrl,
  target: ChannelTarget,
  folder: string,
  password: string,
): ConnectOptions {
  const user = target.user === '' ? url.user : target.user;
  return {
    host: url.host === '' ? 'localhost' : url.host,
    ...(url.port === undefined ? {} : { port: url.port }),
    user: user ?? '',
    ...(password === '' ? {} : { passwords: [password] }),
    ssl: sslOptions(target, folder),
    attributes: { program_name: 'rowlock' },
  };
}

const FILES = ['sslCa', 'sslCapath', 'sslCert', 'sslKey'] as const;

function sslOptions(target: ChannelTarget, folder: string): SslOptions {
  const { sslMode, sslCipher, tlsVersion, sslVerifyServerCert } = target;
  const files = Object.fromEntries(
    FILES.filter((name) => target[name] !== '').map((name) => [name, resolve(folder, target[name])]),
  ) as Partial<SslOptions>;
  const authorities = target.sslCa !== '' || target.sslCapath !== '';
  const implied = sslVerifyServerCert ? 'VERIFY_IDENTITY' : authorities ? 'VERIFY_CA' : 'REQUIRED';
  return {
    sslMode: parseSslMode(sslMode) ?? implied,
    ...files,
    ...(sslCipher === '' ? {} : { sslCipher }),
    ...(tlsVersion === '' ? {} : { tlsVersion }),
  };
}
