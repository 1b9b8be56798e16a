import {
  type Charset,
  charsetOfCollation,
  charsetOfCollationName,
  type Flavor,
  serverCharset,
  wideCharsets,
} from '../../../charset/index.ts';
import { ServerError } from '../../../errors/index.ts';
import type { VariableValue } from '../../variables/definition.ts';
import { zoneName, zoneOf } from '../../views/dates/zone.ts';
import type { Relay } from '../context.ts';

const wrongValue = (name: string, value: VariableValue): ServerError =>
  new ServerError(1231, '42000', `Variable '${name}' can't be set to the value of '${value ?? 'NULL'}'`);

/** The modes of MySQL 9.7 and MariaDB 11.8 together: what one alone has, changes nothing here. */
const SQL_MODES: ReadonlySet<string> = new Set(
  (
    'REAL_AS_FLOAT PIPES_AS_CONCAT ANSI_QUOTES IGNORE_SPACE IGNORE_BAD_TABLE_OPTIONS ONLY_FULL_GROUP_BY NO_UNSIGNED_SUBTRACTION ' +
    'NO_DIR_IN_CREATE POSTGRESQL ORACLE MSSQL DB2 MAXDB NO_KEY_OPTIONS NO_TABLE_OPTIONS NO_FIELD_OPTIONS MYSQL323 MYSQL40 ANSI ' +
    'NO_AUTO_VALUE_ON_ZERO NO_BACKSLASH_ESCAPES STRICT_TRANS_TABLES STRICT_ALL_TABLES NO_ZERO_IN_DATE NO_ZERO_DATE ' +
    'ALLOW_INVALID_DATES ERROR_FOR_DIVISION_BY_ZERO TRADITIONAL NO_AUTO_CREATE_USER HIGH_NOT_PRECEDENCE NO_ENGINE_SUBSTITUTION ' +
    'PAD_CHAR_TO_FULL_LENGTH EMPTY_STRING_IS_NULL SIMULTANEOUS_ASSIGNMENT TIME_ROUND_FRACTIONAL TIME_TRUNCATE_FRACTIONAL'
  ).split(' '),
);
type Check = (name: string, value: string, relay: Relay) => void;

const sqlMode: Check = (name, value) => {
  // A number is a set of bits.
  if (/^\d+$/.test(value)) return;
  const unknown = value.split(',').find((mode) => mode !== '' && !SQL_MODES.has(mode.trim().toUpperCase()));
  if (unknown !== undefined) throw wrongValue(name, unknown);
};

const collation: Check = (_name, value, { flavor }) => checkCollation(value, flavor);

const timeZone: Check = (_name, value, { flavor }) => {
  if (zoneOf(value, flavor) === undefined)
    throw new ServerError(1298, 'HY000', `Unknown or incorrect time zone: '${value}'`);
};

const tlsVersion: Check = (name, value, { flavor }) => {
  if (flavor === 'mysql' && !value.split(',').every((each) => /^(TLSv1\.[23])?$/i.test(each.trim())))
    throw wrongValue(name, value);
};

/** What the servers refuse to have as the value of a variable from which nothing follows here. */
const checks: Readonly<Record<string, Check>> = {
  sql_mode: sqlMode,
  collation_connection: collation,
  collation_server: collation,
  time_zone: timeZone,
  tls_version: tlsVersion,
};

/** @throws ServerError 1115, 1231, 1273, 1298 */
export function checkValue(name: string, value: VariableValue | undefined, relay: Relay): void {
  if (typeof value === 'string' && Object.hasOwn(checks, name)) checks[name]!(name, value, relay);
}

const CHARSETS: ReadonlySet<string> = new Set([
  'character_set_client',
  'character_set_connection',
  'character_set_results',
  'character_set_server',
]);

/** The character set of that name. @throws ServerError 1115; 1231 for one in which no statement could be read */
export function knownCharset(variable: string, name: string, flavor: Flavor): Charset {
  const charset = serverCharset(name, flavor);
  if (charset === undefined) throw new ServerError(1115, '42000', `Unknown character set: '${name}'`);
  if (variable === 'character_set_client' && wideCharsets.has(charset.name))
    throw wrongValue(variable, charset.name);
  return charset;
}

/** What a variable is set to: character sets by the name the server has for them, given by another or by the id of a collation; time zones as they are shown. */
export function settledValue<V extends VariableValue | undefined>(
  variable: string,
  value: V,
  { flavor }: Relay,
): V | string {
  if (variable === 'time_zone' && typeof value === 'string') return zoneName(value, flavor);
  if (!CHARSETS.has(variable) || value === undefined) return value;
  if (value === null) {
    if (variable === 'character_set_results') return value;
    throw wrongValue(variable, value);
  }
  const name = typeof value === 'number' ? charsetOfCollation(value, flavor)?.name : undefined;
  return knownCharset(variable, name ?? String(value), flavor).name;
}

/** Whether there can be such a collation: of a character set that is known. @throws ServerError 1273 */
export function checkCollation(collation: string, flavor: Flavor): void {
  const family = charsetOfCollationName(collation)?.name ?? '';
  if (serverCharset(family, flavor) !== undefined || /^uca/i.test(collation)) return;
  throw new ServerError(1273, 'HY000', `Unknown collation: '${collation}'`);
}

/** A collation bears the name of its character set; MariaDB's `uca1400_…` fits all of Unicode. */
export function fitsCharset(collation: string, name: string): boolean {
  const family = collation.toLowerCase().split('_')[0]!;
  const unicode = name.startsWith('utf8');
  return family === name || (unicode && (family === 'utf8' || family === 'uca1400'));
}
