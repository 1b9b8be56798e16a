import { decodeText, encodeText, wideCharsets } from './text.ts';

/** The server's own texts are utf8mb3: what is beyond it is a question mark to them. */
const BEYOND_BMP = /[\u{10000}-\u{10ffff}]/u;

/**
 * The bytes of an error message as both servers send it: where a value would have `?`, a character that the set lacks is written as `\20AC`.
 */
export function encodeMessage(message: string, charset: string): Buffer {
  // Clients take a message for text that ends at the first zero byte.
  if (wideCharsets.has(charset)) return Buffer.from(message);
  const encoded = encodeText(message, charset);
  if (decodeText(encoded, charset) === message) return encoded;
  return Buffer.concat(Array.from(message, (character) => encodeCharacter(character, charset)));
}

function encodeCharacter(character: string, charset: string): Buffer {
  const encoded = encodeText(character, charset);
  if (decodeText(encoded, charset) === character || BEYOND_BMP.test(character)) return encoded;
  return Buffer.from(`\\${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}
