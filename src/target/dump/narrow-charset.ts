import { hasCharset, type Table, type TableColumn } from '../schema/index.ts';

/** Character sets with all characters there are; texts in `binary` are the columns' own bytes. */
const WHOLE: ReadonlySet<string> = new Set(['binary', 'utf8mb4', 'utf16', 'utf16le', 'utf32', 'gb18030']);
/** … and those that lack what stands beyond the first 65,536. */
const BASIC: ReadonlySet<string> = new Set(['utf8', 'utf8mb3', 'ucs2']);

/** Of a table with a column whose character set has characters that those of the dump lack: its server has written `?` for them. */
export function lostCharacters(
  { schema, name, columns }: Table,
  charset: string | undefined,
): string | undefined {
  if (charset === undefined || WHOLE.has(charset)) return undefined;
  const isBasic = BASIC.has(charset);
  const column = columns.find((one) => {
    const own = charsetOf(one);
    if (own === undefined || own === 'ascii' || own === 'binary' || own === charset) return false;
    return !isBasic || WHOLE.has(own);
  });
  if (column === undefined) return undefined;
  return `the dump is in ${charset}, which may lack characters of ${schema}.${name}.${column.name} and others: they are question marks in it. Make it with --default-character-set=utf8mb4`;
}

const charsetOf = ({ type: { name }, charset }: TableColumn): string | undefined =>
  name === 'json' ? 'utf8mb4' : hasCharset(name) ? charset : undefined;
