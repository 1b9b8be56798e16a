import type { Flavor } from '../charset/index.ts';

/**
 * `/*! … *\/` and `/*!50100 … *\/` are code for servers of that version and up, `/*M! … *\/` for MariaDB alone. For a
 * server that does not take the code, all of it is a comment.
 */
export interface ExecutableComment {
  /** As written: 50100, 100503; 0 if none is. */
  readonly version: number;
  /** Whether the flavor takes such a comment as code at all, its version permitting. */
  readonly mayRun: boolean;
  /** Where the code begins. */
  readonly codeStart: number;
}

/** Versions that MariaDB leaves to MySQL, which MariaDB never had: 5.7 to 9.x. */
const MYSQL_ONLY_FIRST = 50_700;
const MYSQL_ONLY_LAST = 99_999;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Reads the start of a comment at `at`, where `/*` stands. Undefined if it is an ordinary one. */
export function executableComment(
  bytes: Uint8Array,
  at: number,
  flavor: Flavor,
): ExecutableComment | undefined {
  const isMariadb = bytes[at + 2] === 0x4d && bytes[at + 3] === 0x21;
  if (!isMariadb && bytes[at + 2] !== 0x21) return undefined;
  const versionStart = at + (isMariadb ? 4 : 3);
  let versionEnd = versionStart;
  while (versionEnd < versionStart + 6 && isDigit(bytes[versionEnd])) versionEnd += 1;
  // Five or six digits are a version; fewer belong to the code.
  if (versionEnd < versionStart + 5) versionEnd = versionStart;
  let version = 0;
  for (let i = versionStart; i < versionEnd; i += 1) version = version * 10 + bytes[i]! - 0x30;
  const forMysqlOnly = !isMariadb && version >= MYSQL_ONLY_FIRST && version <= MYSQL_ONLY_LAST;
  const mayRun = flavor === 'mariadb' ? !forMysqlOnly : !isMariadb;
  return { version, mayRun, codeStart: versionEnd };
}

/**
 * Where the comment ends whose text begins at `from`; −1 if it does not. A skipped executable comment may hold `nested`
 * levels of ordinary ones.
 */
export function commentEnd(bytes: Uint8Array, from: number, nested: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] === 0x2a && bytes[at + 1] === 0x2f) return at + 2;
    if (nested > 0 && bytes[at] === 0x2f && bytes[at + 1] === 0x2a) {
      const inner = commentEnd(bytes, at + 2, nested - 1);
      if (inner < 0) return -1;
      at = inner - 1;
    }
  }
  return -1;
}
