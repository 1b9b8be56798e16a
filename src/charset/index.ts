export { type Charset, type Flavor, findCharset } from './charsets.ts';
export {
  charsetOfCollation,
  charsetOfCollationName,
  collationId,
  collationName,
  collations,
  defaultCollation,
} from './collations.ts';
export { decodeText, encodeText, wideCharsets } from './text.ts';
