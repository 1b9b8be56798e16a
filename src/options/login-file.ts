import { createCipheriv, createDecipheriv } from 'node:crypto';

/**
 * `.mylogin.cnf`, as mysql_config_editor writes it. This hides passwords from a glance, not from a reader: the key is in
 * the file.
 *
 *   bytes  field
 *   4      unused
 *   20     key material; byte i is folded into AES key byte i mod 16
 *   then, a line at a time:
 *   4      length of what follows, little-endian
 *   n      AES-128-ECB of one line, newline included
 */
const UNUSED_BYTES = 4;
const KEY_BYTES = 20;
const AES_KEY_BYTES = 16;
/** The real reader's buffer; longer records end the file. */
const LONGEST_RECORD = 4095;

function foldKey(material: Uint8Array): Buffer {
  const key = Buffer.alloc(AES_KEY_BYTES);
  material.forEach((byte, at) => {
    const place = at % AES_KEY_BYTES;
    key[place] = (key[place] ?? 0) ^ byte;
  });
  return key;
}

/** The lines of a login file. Stops without complaint where the file does not make sense, as the real reader does. */
export function decodeLoginFile(bytes: Buffer): string[] {
  const lines: string[] = [];
  if (bytes.length < UNUSED_BYTES + KEY_BYTES) return lines;
  const key = foldKey(bytes.subarray(UNUSED_BYTES, UNUSED_BYTES + KEY_BYTES));
  let at = UNUSED_BYTES + KEY_BYTES;
  while (at + 4 <= bytes.length) {
    const length = bytes.readInt32LE(at);
    at += 4;
    if (length <= 0 || length > LONGEST_RECORD || at + length > bytes.length) break;
    const cipher = createDecipheriv('aes-128-ecb', key, null);
    try {
      const text = Buffer.concat([cipher.update(bytes.subarray(at, at + length)), cipher.final()]);
      lines.push(...beforeNul(text).toString('utf8').replace(/\n$/, '').split('\n'));
    } catch {
      break;
    }
    at += length;
  }
  return lines;
}

/** A record is a string of C. */
function beforeNul(text: Buffer): Buffer {
  const end = text.indexOf(0);
  return end < 0 ? text : text.subarray(0, end);
}

/** Writes lines as a login file. `keyMaterial` is 20 bytes; they end up in the file. */
export function encodeLoginFile(lines: readonly string[], keyMaterial: Uint8Array): Buffer {
  const key = foldKey(keyMaterial);
  const parts: Buffer[] = [Buffer.alloc(UNUSED_BYTES), Buffer.from(keyMaterial)];
  for (const line of lines) {
    const cipher = createCipheriv('aes-128-ecb', key, null);
    const record = Buffer.concat([cipher.update(`${line}\n`, 'utf8'), cipher.final()]);
    const length = Buffer.alloc(4);
    length.writeInt32LE(record.length);
    parts.push(length, record);
  }
  return Buffer.concat(parts);
}
