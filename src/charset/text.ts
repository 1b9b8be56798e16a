import { bufferOf } from '../bytes/index.ts';
import { UsageError } from '../errors/index.ts';
import { findCharset } from './charsets.ts';
import { type Codec, isAscii } from './codec.ts';
import { doubleByteCodec } from './double-byte.ts';
import { singleByteCodec } from './single-byte.ts';
import { unicodeCodecs } from './unicode.ts';

/** Made on first use: most programs need utf8mb4 alone. */
const codecs = new Map<string, Codec>();

/** Character sets of which no character is one byte. */
export const wideCharsets: ReadonlySet<string> = new Set(['ucs2', 'utf16', 'utf16le', 'utf32']);

/** Character sets in which a byte below 0x80 need not be that ASCII character. */
const NOT_ASCII: ReadonlySet<string> = new Set(['swe7', ...wideCharsets]);

/** Besides, a character set in which ASCII is read so, and a backslash is not written so. */
const REWRITES_ASCII: ReadonlySet<string> = new Set(['sjis', ...NOT_ASCII]);

/** Whether bytes below 0x80 are ASCII in a character set, and ASCII is written with them. */
export function keepsAscii(charset: string): boolean {
  return !REWRITES_ASCII.has(charset);
}

function codecOf(charset: string): Codec {
  let codec = codecs.get(charset);
  if (codec === undefined) {
    const name = findCharset(charset)?.name;
    codec =
      name === undefined
        ? undefined
        : (unicodeCodecs[name] ?? singleByteCodec(name) ?? doubleByteCodec(name));
    if (codec === undefined) throw new UsageError(`unknown character set '${charset}'`);
    codecs.set(charset, codec);
  }
  return codec;
}

/**
 * The text of bytes in a character set of the server. Bytes that stand for nothing become U+FFFD; `binary` gives one
 * code unit a byte. Throws {@link UsageError} for an unknown character set.
 */
export function decodeText(bytes: Uint8Array, charset: string): string {
  const codec = codecOf(charset);
  const buffer = bufferOf(bytes);
  return isAscii(buffer) && !NOT_ASCII.has(charset) ? buffer.toString('latin1') : codec.decode(buffer);
}

/**
 * The text of bytes that are legal in a character set: it is written with the same bytes again. Undefined where they are not. Throws
 * {@link UsageError} for an unknown character set.
 */
export function decodeLegalText(bytes: Uint8Array, charset: string): string | undefined {
  const codec = codecOf(charset);
  const buffer = bufferOf(bytes);
  if (keepsAscii(charset) && isAscii(buffer)) return buffer.toString('latin1');
  const { isKept } = codec;
  if (isKept !== undefined) return isKept(buffer) ? codec.decode(buffer) : undefined;
  const text = codec.decode(buffer);
  return codec.encode(text).equals(buffer) ? text : undefined;
}

/** The bytes of text, as the server would convert it; what the character set lacks becomes `?`. */
export function encodeText(text: string, charset: string): Buffer {
  return codecOf(charset).encode(text);
}
