/** The character sets a client may speak of, with their description and longest character. */
const charsets = {
  utf8mb4: ['UTF-8 Unicode', 4],
  utf8mb3: ['UTF-8 Unicode', 3],
  latin1: ['cp1252 West European', 1],
  latin2: ['ISO 8859-2 Central European', 1],
  ascii: ['US ASCII', 1],
  cp1250: ['Windows Central European', 1],
  cp1251: ['Windows Cyrillic', 1],
  greek: ['ISO 8859-7 Greek', 1],
  gbk: ['GBK Simplified Chinese', 2],
  gb18030: ['China National Standard GB18030', 4],
  big5: ['Big5 Traditional Chinese', 2],
  sjis: ['Shift-JIS Japanese', 2],
  cp932: ['SJIS for Windows Japanese', 2],
  ujis: ['EUC-JP Japanese', 3],
  euckr: ['EUC-KR Korean', 2],
  binary: ['Binary pseudo charset', 1],
} as const satisfies Record<string, readonly [description: string, longest: number]>;

export interface KnownCharset {
  readonly name: string;
  readonly description: string;
  readonly longest: number;
}

export const knownCharsets: readonly KnownCharset[] = Object.entries(charsets).map(
  ([name, [description, longest]]) => ({ name, description, longest }),
);
