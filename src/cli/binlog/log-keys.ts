import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type KeyContainer, parseMysqlKeyring } from '../../binlog/index.ts';
import { systemError, UsageError } from '../../errors/index.ts';
import { OptionError } from '../../options/index.ts';
import { readKeyFile } from './options/index.ts';

/**
 * The keys of `--decrypt-key-file`: the file of MySQL's component_keyring_file, or lines of `id;hexadecimal key` with MySQL's key
 * names or MariaDB's key numbers.
 *
 * @throws OptionError that names the file and shows nothing of it
 */
export function logKeys(path: string, cwd: string): KeyContainer {
  try {
    const text = readFileSync(resolve(cwd, path), 'utf8');
    return text.trimStart().startsWith('{') ? parseMysqlKeyring(text) : readKeyFile(text);
  } catch (error) {
    const reason = error instanceof UsageError ? error.message : systemError(error).text;
    const hint = error instanceof UsageError && error.hint !== undefined ? [`hint: ${error.hint}`] : [];
    throw new OptionError([`ERROR: Could not read keys from '${path}': ${reason}`, ...hint], 1);
  }
}
