/** Whose format a log has. */
export type Flavor = 'mysql' | 'mariadb';

/**
 * `X.Y.Z` as one comparable number, read as the servers read it: what is no number counts as 0, and the whole as 0 where the first
 * has no dot behind it or one is above 255.
 */
export function versionNumber(version: string): number {
  const match = /^(\d+)\.(\d*)\.?(\d*)/.exec(version);
  const parts = match === null ? [] : match.slice(1).map(Number);
  const [major = 0, minor = 0, patch = 0] = parts;
  return parts.some((part) => part > 0xff) ? 0 : major * 0x1_0000 + minor * 0x100 + patch;
}

/** Whether a server that calls its version this is a MariaDB. */
export function isMariadbVersion(version: string): boolean {
  return version.includes('MariaDB');
}
