export { type Charset, type Flavor, findCharset } from './charsets.ts';
export { clientConversion, resultsConversion, serverCharset } from './client-charset.ts';
export {
  charsetOfCollation,
  charsetOfCollationName,
  collationId,
  collationName,
  collations,
  defaultCollation,
  defaultCollationsText,
  formerDefaultCollation,
} from './collations.ts';
export { encodeMessage } from './message.ts';
export { decodeLegalText, decodeText, encodeText, keepsAscii, wideCharsets } from './text.ts';
export { type SortKey, sortKey, sortKeyOfPart } from './weights/sort-key.ts';
