import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FormatError } from '../../errors/index.ts';
import { type LocalTime, zoneFromFile, zoneFromRuntime, zoneFromText } from '../../text/index.ts';

const ZONE_FOLDER = '/usr/share/zoneinfo';
const LOCAL_ZONE_FILE = '/etc/localtime';

/** The zone of a file; undefined where there is none, or one of something else. */
function zoneIfThere(path: string): LocalTime | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  try {
    return zoneFromFile(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/**
 * The local time zone as the C library finds it: `TZ` names a file below the zone folder (or anywhere, if absolute; a leading colon
 * does not count) or is a POSIX rule; without `TZ` it is /etc/localtime. A system without zone files leaves it to JavaScript.
 */
export function localTime(env: Readonly<Record<string, string | undefined>>): LocalTime {
  const { TZ: named, TZDIR: folder = ZONE_FOLDER } = env;
  if (named === undefined) {
    const zone = zoneIfThere(LOCAL_ZONE_FILE);
    return zone ?? (process.platform === 'win32' ? zoneFromRuntime() : zoneFromText(''));
  }
  const name = named.replace(/^:/, '');
  const zone = name === '' ? undefined : zoneIfThere(resolve(folder, name));
  return zone ?? zoneFromText(name);
}
