import { ServerError } from '../../../errors/index.ts';
import type { AccountName, UserSpecification } from '../../../sql/index.ts';
import type { AccountRecord } from '../../accounts/account-record.ts';
import { accountText } from '../../accounts/accounts.ts';
import { type Context, demand } from '../context.ts';

/** ER_CANNOT_USER; MariaDB does not say why. */
export function failed(
  operation: string,
  accounts: readonly Pick<AccountName, 'user' | 'host'>[],
  why: '' | 'User account already exists' | 'User account does not exist',
  { relay }: Context,
): ServerError {
  const reason = why === '' || relay.flavor === 'mariadb' ? '' : ` (${why})`;
  const names = accounts.map((account) => accountText(account) + reason);
  return new ServerError(1396, 'HY000', `Operation ${operation} failed for ${names.join(',')}`);
}

/** ER_PASSWORD_NO_MATCH, what MariaDB says of an account that is not there. */
export const noMatch = ({ relay }: Context): ServerError =>
  new ServerError(
    1133,
    relay.flavor === 'mariadb' ? '28000' : '42000',
    "Can't find any matching row in the user table",
  );

/** CURRENT_USER is whoever asks. @throws ServerError 1470 MySQL has no names as long as that */
export function named(
  account: AccountName,
  { relay, session }: Context,
): { readonly user: string; readonly host: string } {
  if (account.current === true) return session.account;
  if (relay.flavor === 'mysql') checkLengths(account);
  return account;
}

/** @throws ServerError 1470 */
export function checkLengths({ user, host }: AccountName): void {
  if (user.length > 32) throw tooLong(user.slice(0, 60), 'user', 32);
  if (host.length > 255) throw tooLong(host.slice(0, 70), 'host', 255);
}

/** ER_WRONG_STRING_LENGTH */
const tooLong = (name: string, what: string, most: number): ServerError =>
  new ServerError(
    1470,
    'HY000',
    `String '${name}' is too long for ${what} name (should be no longer than ${most})`,
  );

/** The records of the accounts. @throws ServerError 1396 names those that are not there */
export function existing(
  operation: string,
  users: readonly UserSpecification[],
  ifExists: boolean,
  context: Context,
): { readonly record: AccountRecord; readonly user: UserSpecification }[] {
  const { relay } = context;
  const found: { record: AccountRecord; user: UserSpecification }[] = [];
  const missing: AccountName[] = [];
  for (const user of users) {
    const account = named(user.account, context);
    const record = relay.accounts.get(account.user, account.host);
    if (record === undefined) missing.push(account);
    else found.push({ record, user });
  }
  if (missing.length > 0 && !ifExists)
    throw failed(operation, missing, 'User account does not exist', context);
  for (const account of missing) noteMissing(operation, account, context);
  return found;
}

function noteMissing(operation: string, account: AccountName, { relay, session }: Context): void {
  const text = accountText(account);
  if (relay.flavor === 'mysql') session.warn(3162, `Authorization ID ${text} does not exist.`, 'Note');
  else if (operation === 'DROP USER') session.warn(1974, `Can't drop user ${text}; it doesn't exist`, 'Note');
  else {
    session.warn(1133, "Can't find any matching row in the user table", 'Error');
    session.warn(1396, `Operation ${operation} failed for ${text}`, 'Note');
  }
}

/** CREATE USER IF NOT EXISTS of one that does. */
export function noteTaken(account: AccountName, { relay, session }: Context): void {
  const text = accountText(account);
  if (relay.flavor === 'mysql') session.warn(3163, `Authorization ID ${text} already exists.`, 'Note');
  else session.warn(1973, `Can't create user ${text}; it already exists`, 'Note');
}

export const demandCreateUser = (context: Context): void => demand(context, 'CREATE USER', 'CREATE USER');

/** ER_NONEXISTING_GRANT */
export const noSuchGrant = ({ user, host }: { readonly user: string; readonly host: string }): ServerError =>
  new ServerError(1141, '42000', `There is no such grant defined for user '${user}' on host '${host}'`);
