import { charsetOfCollationName, collations, defaultCollation, type Flavor } from '../../../charset/index.ts';
import { knownCharsets } from './charset-names.ts';

type CollationRow = readonly (string | number | null)[];

/** Sort lengths that no rule tells. */
const SORT_LENGTHS: Readonly<Record<string, number>> = {
  cp1250_czech_cs: 2,
  gb18030_chinese_ci: 2,
  gb18030_unicode_520_ci: 8,
  latin1_german2_ci: 2,
  latin2_czech_cs: 4,
  utf8mb4_0900_bin: 1,
  utf8mb4_ja_0900_as_cs_ks: 24,
};

function sortLength(name: string, flavor: Flavor): number {
  const known = SORT_LENGTHS[name];
  if (known !== undefined) return known;
  if (!name.startsWith('utf8') || /_(general|tolower|bin|nopad_bin)/.test(name)) return 1;
  if (name.endsWith('_thai_520_w2')) return 4;
  return flavor === 'mysql' && name.includes('_0900_') ? 0 : 8;
}

/** MariaDB names its newest collations once for all of Unicode. */
const ANY_UNICODE = /^[^_]+_(?=uca1400_)/;

function rowOf(id: number, name: string, flavor: Flavor): CollationRow {
  const charset = charsetOfCollationName(name)!.name;
  const pad = name === 'binary' || /_0900_|_nopad_/.test(name) ? 'NO PAD' : 'PAD SPACE';
  const isDefault = defaultCollation(charset, flavor) === name ? 'Yes' : '';
  const rest = [isDefault, 'Yes', sortLength(name, flavor), pad];
  return ANY_UNICODE.test(name)
    ? [name.replace(ANY_UNICODE, ''), null, null, '', ...rest.slice(1)]
    : [name, charset, id, ...rest];
}

/** As SHOW COLLATION and information_schema.COLLATIONS list them: those of the character sets that clients may speak of. */
export function collationRows(flavor: Flavor): CollationRow[] {
  const known = new Set(knownCharsets.map(({ name }) => name));
  const rows = new Map<unknown, CollationRow>();
  for (const [id, name] of collations(flavor)) {
    if (!known.has(charsetOfCollationName(name)?.name ?? '')) continue;
    const row = rowOf(id, name, flavor);
    rows.set(row[0], row);
  }
  return [...rows.values()];
}

/** The collation that a character set alone means. */
export const collationOf = (charset: string, flavor: Flavor): string =>
  defaultCollation(charset, flavor) ?? charset;
