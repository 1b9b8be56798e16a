/** The character sets a client may speak of, with their default collation, id, description and longest character. */
const charsets = {
  utf8mb4: ['utf8mb4_0900_ai_ci', 255, 'UTF-8 Unicode', 4],
  utf8mb3: ['utf8mb3_general_ci', 33, 'UTF-8 Unicode', 3],
  utf8: ['utf8mb3_general_ci', 33, 'UTF-8 Unicode', 3],
  latin1: ['latin1_swedish_ci', 8, 'cp1252 West European', 1],
  latin2: ['latin2_general_ci', 9, 'ISO 8859-2 Central European', 1],
  ascii: ['ascii_general_ci', 11, 'US ASCII', 1],
  cp1250: ['cp1250_general_ci', 26, 'Windows Central European', 1],
  cp1251: ['cp1251_general_ci', 51, 'Windows Cyrillic', 1],
  greek: ['greek_general_ci', 25, 'ISO 8859-7 Greek', 1],
  gbk: ['gbk_chinese_ci', 28, 'GBK Simplified Chinese', 2],
  gb18030: ['gb18030_chinese_ci', 248, 'China National Standard GB18030', 4],
  big5: ['big5_chinese_ci', 1, 'Big5 Traditional Chinese', 2],
  sjis: ['sjis_japanese_ci', 13, 'Shift-JIS Japanese', 2],
  cp932: ['cp932_japanese_ci', 95, 'SJIS for Windows Japanese', 2],
  ujis: ['ujis_japanese_ci', 12, 'EUC-JP Japanese', 3],
  euckr: ['euckr_korean_ci', 19, 'EUC-KR Korean', 2],
  binary: ['binary', 63, 'Binary pseudo charset', 1],
} as const satisfies Record<
  string,
  readonly [collation: string, id: number, description: string, longest: number]
>;

export interface KnownCharset {
  readonly name: string;
  readonly collation: string;
  readonly collationId: number;
  readonly description: string;
  readonly longest: number;
}

export const knownCharsets: readonly KnownCharset[] = Object.entries(charsets)
  .filter(([name]) => name !== 'utf8')
  .map(([name, [collation, collationId, description, longest]]) => ({
    name,
    collation,
    collationId,
    description,
    longest,
  }));

export function charsetNamed(name: string): KnownCharset | undefined {
  const wanted = name.toLowerCase() === 'utf8' ? 'utf8mb3' : name.toLowerCase();
  return knownCharsets.find((charset) => charset.name === wanted);
}

/** As SHOW COLLATION and information_schema.COLLATIONS list them. */
export const collationRows = (): (string | number)[][] =>
  knownCharsets.map(({ name, collation, collationId }) => [
    collation,
    name,
    collationId,
    'Yes',
    'Yes',
    1,
    'PAD SPACE',
  ]);
