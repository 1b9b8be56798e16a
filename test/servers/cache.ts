import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ServerName } from './catalogue.ts';

/** The folder that holds unpacked servers and their instances: ROWLOCK_SERVERS, or rowlock-servers in the XDG cache. */
export function cacheFolder(): string {
  const { ROWLOCK_SERVERS: own, XDG_CACHE_HOME: xdg } = process.env;
  return own || join(xdg || join(homedir(), '.cache'), 'rowlock-servers');
}

/** Where a server's programs are unpacked. */
export function serverRoot(name: ServerName): string {
  return join(cacheFolder(), name);
}

/** The folder of one instance, or of a server's initialised but never started data (`pristine`). */
export function instanceFolder(name: ServerName, tag: string): string {
  return join(cacheFolder(), 'instances', `${name}@${tag}`);
}

/** True when the server has been fetched whole. */
export function isFetched(name: ServerName): boolean {
  return existsSync(join(serverRoot(name), '.ready'));
}
