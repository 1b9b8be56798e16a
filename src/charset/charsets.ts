/** Whose tables to use: the two servers share most of them, and differ where a function takes this. */
export type Flavor = 'mysql' | 'mariadb';

/** A character set as the server knows it. */
export interface Charset {
  readonly name: string;
  /** MAXLEN of information_schema.CHARACTER_SETS. */
  readonly maxBytes: number;
}

const byMaxBytes: readonly (readonly [maxBytes: number, names: string])[] = [
  [
    1,
    'armscii8 ascii binary cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 dec8 geostd8 greek hebrew hp8 keybcs2 koi8r ' +
      'koi8u latin1 latin2 latin5 latin7 macce macroman swe7 tis620',
  ],
  [2, 'big5 cp932 euckr gb2312 gbk sjis ucs2'],
  [3, 'eucjpms ujis utf8mb3'],
  [4, 'gb18030 utf16 utf16le utf32 utf8mb4'],
];

/** What the first versions called it, in MariaDB's and older servers' texts. */
const aliases: Readonly<Record<string, string>> = { utf8: 'utf8mb3' };

let charsets: Map<string, Charset> | undefined;

/** The character set of that name, in any case; `utf8` is `utf8mb3`. */
export function findCharset(name: string): Charset | undefined {
  if (charsets === undefined) {
    charsets = new Map();
    for (const [maxBytes, names] of byMaxBytes) {
      for (const each of names.split(' ')) charsets.set(each, { name: each, maxBytes });
    }
  }
  const lower = name.toLowerCase();
  return charsets.get(aliases[lower] ?? lower);
}
