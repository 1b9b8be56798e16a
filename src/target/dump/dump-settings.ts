import { FormatError } from '../../errors/index.ts';
import type { DumpFacts } from './dump-facts.ts';
import type { DumpScanner } from './dump-scanner.ts';

/** Second bytes of their characters look like backslashes and quotes. */
const UNSAFE_CHARSETS = /^(big5|cp932|gbk|gb18030|sjis|utf16|utf16le|utf32|ucs2)$/;

const SETTINGS = /^(?:\s|\/\*M?!\d*)*(?:SET|CHANGE)\s/i;

/** The first words of a statement, comments of versions and all. */
export const headOf = (sql: Buffer): string => sql.toString('latin1', 0, 80);

/**
 * Learns from a statement of settings how what follows is to be read. False: it is another statement.
 *
 * @throws FormatError it cannot be read
 */
export function takeSetting(sql: Buffer, facts: DumpFacts, scanner: DumpScanner): boolean {
  if (!SETTINGS.test(headOf(sql))) return false;
  facts.setting(sql);
  scanner.escapes = facts.escapes;
  if (facts.charset === undefined || !UNSAFE_CHARSETS.test(facts.charset)) return true;
  throw new FormatError(`the texts of the dump are in ${facts.charset}, which is not read`, {
    hint: 'Make it with --default-character-set=utf8mb4.',
  });
}
