import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type LocalTime, zoneFromFile, zoneFromRuntime, zoneFromText } from '../../text/index.ts';

const ZONE_FOLDER = '/usr/share/zoneinfo';
const LOCAL_ZONE_FILE = '/etc/localtime';

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The local time zone as the C library finds it: `TZ` names a file below the zone folder (or anywhere, if absolute; a leading colon
 * does not count) or is a POSIX rule; without `TZ` it is /etc/localtime. A system without zone files leaves it to JavaScript.
 */
export function localTime(env: Readonly<Record<string, string | undefined>>): LocalTime {
  const { TZ: named, TZDIR: folder = ZONE_FOLDER } = env;
  if (named === undefined) {
    const bytes = readIfThere(LOCAL_ZONE_FILE);
    if (bytes !== undefined) return zoneFromFile(bytes);
    return process.platform === 'win32' ? zoneFromRuntime() : zoneFromText('');
  }
  const name = named.replace(/^:/, '');
  const bytes = name === '' ? undefined : readIfThere(resolve(folder, name));
  return bytes === undefined ? zoneFromText(name) : zoneFromFile(bytes);
}
