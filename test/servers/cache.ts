import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PackageName, ServerName } from './catalogue.ts';

/** The folder that holds unpacked servers and their instances: ROWLOCK_SERVERS, or rowlock-servers in the XDG cache. */
export function cacheFolder(): string {
  const { ROWLOCK_SERVERS: own, XDG_CACHE_HOME: xdg } = process.env;
  return own || join(xdg || join(homedir(), '.cache'), 'rowlock-servers');
}

/** Where the programs of a server or tool are unpacked. */
export function serverRoot(name: PackageName): string {
  return join(cacheFolder(), name);
}

/** The folder of one instance, or of a server's initialised but never started data (`pristine`). */
export function instanceFolder(name: ServerName, tag: string): string {
  return join(cacheFolder(), 'instances', `${name}@${tag}`);
}

/** True when the server or tool has been fetched whole. */
export function isFetched(name: PackageName): boolean {
  return existsSync(join(serverRoot(name), '.ready'));
}
