import { type Charset, type Flavor, findCharset } from './charsets.ts';
import { wideCharsets } from './text.ts';

/** The character set of that name, where MySQL 9.7 or MariaDB 11.8 has it. */
export function serverCharset(name: string, flavor: Flavor): Charset | undefined {
  const charset = findCharset(name);
  return charset?.name === 'gb18030' && flavor === 'mariadb' ? undefined : charset;
}

/** What a client says in `character_set_client` is converted from this; undefined: it is UTF-8, or bytes that are taken for it. */
export function clientConversion(charset: string): string | undefined {
  const name = findCharset(charset)?.name;
  if (name === undefined || name === 'binary' || name.startsWith('utf8') || wideCharsets.has(name))
    return undefined;
  return name;
}

/** What a client is told in `character_set_results` is converted to this; undefined: it stays UTF-8 (NULL and `binary` as well). */
export function resultsConversion(charset: string): string | undefined {
  const name = findCharset(charset)?.name;
  return name === 'binary' || name === 'utf8mb4' ? undefined : name;
}
