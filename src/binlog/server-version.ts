/** Whose format a log has. */
export type Flavor = 'mysql' | 'mariadb';

/** `X.Y.Z` as one comparable number; the text stops counting at the first character that does not fit. */
export function versionNumber(version: string): number {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})/.exec(version);
  if (match === null) return 0;
  const [, major, minor, patch] = match;
  if (Number(major) > 255 || Number(minor) > 255 || Number(patch) > 255) return 0;
  return Number(major) * 0x1_0000 + Number(minor) * 0x100 + Number(patch);
}

export function isMariadbVersion(version: string): boolean {
  return version.includes('MariaDB');
}
