import type { AccountRecord } from '../../accounts/account-record.ts';
import { accountText } from '../../accounts/accounts.ts';
import type { Context } from '../context.ts';

/** Saves all or none, and says so to the log. `details`: what else is to be said there. */
export function saveAccounts(
  what: string,
  records: readonly AccountRecord[],
  { relay, session }: Context,
  details: Readonly<Record<string, string>> = {},
): void {
  relay.accounts.together(relay.state, () => {
    for (const record of records) relay.accounts.save(record);
  });
  relay.audit.record('change', {
    what,
    ...details,
    accounts: records.map(accountText).join(','),
    by: accountText(session.account),
  });
}
