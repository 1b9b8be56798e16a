import { UsageError } from '../../errors/index.ts';

/** Keys by name (MySQL) or id (MariaDB). Their bytes appear in no message. */
export type KeyContainer = ReadonlyMap<string, Buffer>;

interface KeyringElement {
  readonly data_id?: unknown;
  readonly data?: unknown;
}

/**
 * Parses the file of MySQL's `component_keyring_file`: JSON, `{"elements": [{"data_id": name, "data": hex}, …]}`.
 *
 * @throws UsageError where the text is no such file
 */
export function parseMysqlKeyring(text: string): KeyContainer {
  let elements: unknown;
  try {
    elements = (JSON.parse(text) as { elements?: unknown }).elements;
  } catch {
    // The parser's message may show what it stumbled over: key material.
    throw new UsageError('the keyring is not JSON');
  }
  if (!Array.isArray(elements)) throw new UsageError('the keyring has no list of elements');
  const keys = new Map<string, Buffer>();
  for (const { data_id: name, data } of elements as readonly KeyringElement[]) {
    if (typeof name !== 'string' || typeof data !== 'string' || !/^(?:[0-9a-fA-F]{2})*$/.test(data)) {
      throw new UsageError('the keyring has an element without name and hexadecimal data');
    }
    keys.set(name, Buffer.from(data, 'hex'));
  }
  return keys;
}

/** MariaDB encrypts logs with this key (ENCRYPTION_KEY_SYSTEM_DATA). */
export const MARIADB_LOG_KEY_ID = '1';

/**
 * Parses the key file of MariaDB's `file_key_management`: a line `id;hexadecimal key` each, `#` starts a comment.
 *
 * @throws UsageError naming the line that is wrong
 */
export function parseMariadbKeyFile(text: string): KeyContainer {
  const keys = new Map<string, Buffer>();
  text.split(/\r?\n/).forEach((line, index) => {
    const content = line.replace(/#.*/, '').trim();
    if (content === '') return;
    const match = /^(\d+)\s*;\s*((?:[0-9a-fA-F]{2})+)$/.exec(content);
    const key = Buffer.from(match?.[2] ?? '', 'hex');
    if (match === null || ![16, 24, 32].includes(key.length)) {
      throw new UsageError(`line ${index + 1} of the key file is not an id and a key of 16, 24 or 32 bytes`);
    }
    keys.set(String(Number(match[1])), key);
  });
  return keys;
}
