import type { LogState } from './log-state.ts';
import { Flags2, type StatusVariables } from './status-variables.ts';

/** The first patch of each minor version of 10 that writes explicit_defaults_for_timestamp; those before 10.5 do not, those from 10.10 do. */
const EXPLICIT_DEFAULTS_SINCE: Readonly<Record<number, number>> = { 5: 17, 6: 9, 7: 5, 8: 4, 9: 2 };

/** Whether a MariaDB of this version writes `explicit_defaults_for_timestamp` into its log. */
export function writesExplicitDefaults(version: number): boolean {
  const [major, minor, patch] = [version >> 16, (version >> 8) & 0xff, version & 0xff];
  if (major !== 10 || minor >= 10) return major >= 10;
  return patch >= (EXPLICIT_DEFAULTS_SINCE[minor] ?? Number.POSITIVE_INFINITY);
}

/** The session's `explicit_defaults_for_timestamp`; undefined: the server was of a version that does not say it (MySQL before 8.0). */
export function explicitDefaultsForTimestamp(
  { flags2 = 0, explicitDefaultsForTimestamp: told }: StatusVariables,
  { flavor, serverVersion }: Pick<LogState, 'flavor' | 'serverVersion'>,
): boolean | undefined {
  if (flavor === 'mysql') return told === undefined ? undefined : told !== 0;
  if (!writesExplicitDefaults(serverVersion)) return undefined;
  return (flags2 & Flags2.EXPLICIT_DEFAULTS_FOR_TIMESTAMP) !== 0;
}
