import { ServerError } from '../../../errors/index.ts';
import type { AccountName, UserSpecification } from '../../../sql/index.ts';
import type { AccountRecord } from '../../accounts/account-record.ts';
import { accountText } from '../../accounts/accounts.ts';
import { type Context, demand } from '../context.ts';

/** ER_CANNOT_USER */
export const failed = (operation: string, accounts: readonly string[]): ServerError =>
  new ServerError(1396, 'HY000', `Operation ${operation} failed for ${accounts.join(',')}`);

/** In the list of an operation that failed. */
export const unknown = (account: AccountName): string =>
  `${accountText(account)} (User account does not exist)`;

/** CURRENT_USER is whoever asks. */
export function named(
  account: AccountName,
  { session }: Context,
): { readonly user: string; readonly host: string } {
  return account.current === true ? session.account : account;
}

/** The records of the accounts. @throws ServerError 1396 names those that are not there */
export function existing(
  operation: string,
  users: readonly UserSpecification[],
  ifExists: boolean,
  context: Context,
): { readonly record: AccountRecord; readonly user: UserSpecification }[] {
  const { relay, session } = context;
  const found: { record: AccountRecord; user: UserSpecification }[] = [];
  const missing: AccountName[] = [];
  for (const user of users) {
    const account = named(user.account, context);
    const record = relay.accounts.get(account.user, account.host);
    if (record === undefined) missing.push(account);
    else found.push({ record, user });
  }
  if (missing.length > 0 && !ifExists) throw failed(operation, missing.map(unknown));
  for (const account of missing)
    session.warn(3162, `Authorization ID ${accountText(account)} does not exist.`, 'Note');
  return found;
}

export const demandCreateUser = (context: Context): void => demand(context, 'CREATE USER', 'CREATE USER');

/** ER_NONEXISTING_GRANT */
export const noSuchGrant = ({ user, host }: { readonly user: string; readonly host: string }): ServerError =>
  new ServerError(1141, '42000', `There is no such grant defined for user '${user}' on host '${host}'`);
