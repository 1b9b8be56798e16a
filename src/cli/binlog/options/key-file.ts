import { UsageError } from '../../../errors/index.ts';

/**
 * Keys of encrypted logs by id: MySQL's keyring names, such as `MySQLReplicationKey_…_1`, or MariaDB's key numbers in
 * decimal.
 */
export type LogKeys = ReadonlyMap<string, Buffer>;

/** AES keys of 128, 192 and 256 bits. MySQL's are always 256. */
const keyLengths: ReadonlySet<number> = new Set([16, 24, 32]);
/** A key file has a line for each key; one of this size is something else. */
const MAX_KEY_FILE_CHARACTERS = 1 << 20;

/**
 * Reads --decrypt-key-file: `id;key` a line, the key in hexadecimal; blank lines and lines that begin with `#` are left
 * out. That is the format of MariaDB's file_key_management plugin.
 *
 * @throws UsageError that names the line and never shows its content.
 */
export function readKeyFile(text: string): LogKeys {
  if (text.length > MAX_KEY_FILE_CHARACTERS) throw new UsageError('key file is too large to be one');
  const keys = new Map<string, Buffer>();
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*(#|$)/.test(line)) return;
    const [, id, hex = ''] = /^\s*([^;\s]+)\s*;\s*([0-9a-fA-F]+)\s*$/.exec(line) ?? [];
    const key = Buffer.from(hex, 'hex');
    if (id === undefined || hex.length % 2 !== 0 || !keyLengths.has(key.length))
      throw new UsageError(`line ${index + 1} of the key file is not "id;key"`, {
        hint: 'A key is 32, 48 or 64 hexadecimal digits.',
      });
    if (keys.has(id)) throw new UsageError(`line ${index + 1} of the key file repeats a key id`);
    keys.set(id, key);
  });
  return keys;
}
