import { randomBytes } from 'node:crypto';
import { ServerError } from '../../../errors/index.ts';
import type { Authentication } from '../../../sql/index.ts';
import { authPlugin } from '../../../wire/index.ts';
import type { AccountRecord } from '../../accounts/account-record.ts';
import { type Answer, columns, DONE, rows } from '../answer.ts';
import type { Context } from '../context.ts';
import { failed } from './named-accounts.ts';

/** What a stored value of each plugin looks like; a value of another shape would lock the account for good. */
const STORED: Readonly<Record<string, RegExp>> = {
  caching_sha2_password: /^\$A\$[\da-f]{3}\$[\s\S]{20}[./\dA-Za-z]{43}$/i,
  mysql_native_password: /^\*[\da-f]{40}$/i,
  client_ed25519: /^[+/\dA-Za-z]{43}$/,
  parsec: /^P[0-3]:[+/\dA-Za-z]+=*:[+/\dA-Za-z]+=*$/,
};
/** MariaDB's name of the server half. */
const PLUGIN_NAMES: Readonly<Record<string, string>> = { ed25519: 'client_ed25519' };

/**
 * What is kept of IDENTIFIED …; `fallback`: the plugin where it names none; undefined: nobody could log in with such a password.
 *
 * @throws ServerError 1524, 1827
 */
function credentials({ plugin: written, ...value }: Omit<Authentication, 'random'>, fallback: string) {
  const name = (written ?? fallback).toLowerCase();
  const plugin = PLUGIN_NAMES[name] ?? name;
  const shape = STORED[plugin];
  const known = authPlugin(plugin);
  if (known === undefined || shape === undefined)
    throw new ServerError(1524, 'HY000', `Plugin '${written ?? name}' is not loaded`);
  if (value.stored === undefined || value.stored === '') {
    const password = Buffer.from(value.password ?? '');
    return password.length > (known.maxPassword ?? password.length)
      ? undefined
      : { plugin, credential: known.credential(password) };
  }
  if (!shape.test(value.stored))
    throw new ServerError(1827, 'HY000', "The password hash doesn't have the expected format.");
  return { plugin, credential: value.stored };
}

/** An account as it logs in from now on; undefined: as before. @throws ServerError 1396, 1524, 1827 */
export function withAuthentication(
  operation: string,
  record: AccountRecord,
  authentication: Authentication | undefined,
  context: Context,
): AccountRecord {
  if (authentication === undefined) return record;
  const made = credentials(authentication, record.plugin);
  if (made === undefined) throw failed(operation, [record], '', context);
  return { ...record, ...made, passwordChangedAt: context.relay.now() };
}

/** Characters of a password that a relay makes up: 120 bits, and none that has to be escaped anywhere. */
const RANDOM_LENGTH = 20;

/** IDENTIFIED BY RANDOM PASSWORD: one is made up for it. */
export function madeUp(authentication: Authentication | undefined): Authentication | undefined {
  if (authentication?.random !== true) return authentication;
  return {
    plugin: authentication.plugin,
    password: randomBytes(15).toString('base64url').slice(0, RANDOM_LENGTH),
  };
}

/** An account whose password may have been made up. */
export interface Authenticated {
  readonly record: AccountRecord;
  /** As the statement says it. */
  readonly given: Authentication | undefined;
  /** With the password that was made up for it. */
  readonly proof: Authentication | undefined;
}

const GENERATED = [...columns('user host'), ...columns('x'), ...columns('auth_factor:u')].map((column) =>
  column.name === 'x' ? { ...column, name: 'generated password' } : column,
);

/** What was made up, told this once; nothing if nothing was. */
export function generated(users: readonly Authenticated[]): Answer {
  const told = users.filter(({ given }) => given?.random === true);
  if (told.length === 0) return DONE;
  return rows(
    GENERATED,
    told.map(({ record, proof }) => [record.user, record.host, proof?.password ?? '', 1]),
  );
}
