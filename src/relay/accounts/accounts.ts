import { ServerError } from '../../errors/index.ts';
import type { StateTable } from '../state/state.ts';
import type { PrivilegeChecks, TablePrivilege } from '../streams.ts';
import type { AccountRecord, LocalGrant } from './account-record.ts';
import { exactness, type HostMatch, hostMatch, likePattern } from './host-pattern.ts';
import type { Privilege } from './privileges.ts';

/** An account with what is worked out once: patterns and sets. */
interface Entry {
  readonly record: AccountRecord;
  readonly matches: HostMatch;
  readonly privileges: ReadonlySet<Privilege>;
  /** The most exact first. */
  readonly grants: readonly {
    readonly grant: LocalGrant;
    readonly schema: RegExp;
    readonly privileges: ReadonlySet<string>;
  }[];
  /** caching_sha2_password's memory; a new password brings a new one. */
  readonly cache: { digest: Buffer | undefined };
}

const keyOf = (user: string, host: string): string => JSON.stringify([user, host]);

/** `'u'@'h'`, as the servers name an account in messages. */
export function accountText({ user, host }: { readonly user: string; readonly host: string }): string {
  return `'${user}'@'${host}'`;
}

/**
 * All accounts, in memory and on the disk. Changes are on the disk when a method returns, and hold at once: for the next statement of
 * every session, too.
 */
export class Accounts implements PrivilegeChecks {
  readonly #entries = new Map<string, Entry>();
  readonly #table: StateTable;

  constructor(table: StateTable) {
    this.#table = table;
    for (const text of table.all().values()) this.#put(JSON.parse(text) as AccountRecord);
  }

  get all(): AccountRecord[] {
    return [...this.#entries.values()]
      .map(({ record }) => record)
      .sort((a, b) => (a.user < b.user ? -1 : a.user > b.user ? 1 : a.host < b.host ? -1 : 1));
  }

  get(user: string, host: string): AccountRecord | undefined {
    return this.#entries.get(keyOf(user, host))?.record;
  }

  /** The account a login means: the most exact host first, and of equal ones a named user before the anonymous one. */
  match(user: string, host: string): AccountRecord | undefined {
    let best: Entry | undefined;
    for (const entry of this.#entries.values()) {
      const { record } = entry;
      if ((record.user !== user && record.user !== '') || !entry.matches(host)) continue;
      if (best === undefined || comesFirst(record, best.record)) best = entry;
    }
    return best?.record;
  }

  cacheOf({ user, host }: AccountRecord): { digest: Buffer | undefined } | undefined {
    return this.#entries.get(keyOf(user, host))?.cache;
  }

  /** Makes or changes an account. */
  save(record: AccountRecord): void {
    const key = keyOf(record.user, record.host);
    this.#table.set(key, JSON.stringify(record));
    this.#put(record);
  }

  /** @returns false: there was none */
  remove(user: string, host: string): boolean {
    const key = keyOf(user, host);
    if (!this.#entries.has(key)) return false;
    this.#table.delete(key);
    return this.#entries.delete(key);
  }

  /** All that `change` does holds, or nothing: what the disk did not take is not kept in memory either. */
  together(state: { atomically(change: () => void): void }, change: () => void): void {
    const before = [...this.#entries];
    try {
      state.atomically(change);
    } catch (error) {
      this.#entries.clear();
      for (const [key, entry] of before) this.#entries.set(key, entry);
      throw error;
    }
  }

  exists(user: string, host: string): boolean {
    return this.#entries.has(keyOf(user, host));
  }

  /** Whether the account has one of the global privileges. */
  has(
    { user, host }: { readonly user: string; readonly host: string },
    ...privileges: readonly Privilege[]
  ): boolean {
    const entry = this.#entries.get(keyOf(user, host));
    return entry !== undefined && privileges.some((privilege) => entry.privileges.has(privilege));
  }

  mayApply(user: string, host: string): boolean {
    return this.has({ user, host }, 'REPLICATION_APPLIER');
  }

  mayReload(user: string, host: string): boolean {
    return this.has({ user, host }, 'RELOAD');
  }

  allows(user: string, host: string, privilege: TablePrivilege, schema: string, table: string): boolean {
    return this.#may({ user, host }, privilege, schema, table);
  }

  /** Whether the account may read a table of the relay's own schemas. */
  mayRead(account: { readonly user: string; readonly host: string }, schema: string, table: string): boolean {
    return this.#may(account, 'SELECT', schema, table);
  }

  /** Whether anything is granted to the account in the schema: it may be used, then. */
  sees(account: { readonly user: string; readonly host: string }, schema: string): boolean {
    const entry = this.#entries.get(keyOf(account.user, account.host));
    if (entry === undefined) return false;
    return entry.privileges.has('SELECT') || entry.grants.some(({ schema: pattern }) => pattern.test(schema));
  }

  /** Globally, or on the schema, or on the table. */
  #may(
    { user, host }: { readonly user: string; readonly host: string },
    privilege: Privilege,
    schema: string,
    table: string,
  ): boolean {
    const entry = this.#entries.get(keyOf(user, host));
    if (entry === undefined) return false;
    if (entry.privileges.has(privilege)) return true;
    // Of the grants on schemas the servers look at one, the most exact: it may give less than another that matches too.
    const onSchema = entry.grants.find(
      ({ grant, schema: pattern }) => grant.table === '' && pattern.test(schema),
    );
    if (onSchema?.privileges.has(privilege) === true) return true;
    return entry.grants.some(
      ({ grant, privileges }) =>
        grant.schema === schema && grant.table === table && privileges.has(privilege),
    );
  }

  #put(record: AccountRecord): void {
    const key = keyOf(record.user, record.host);
    const before = this.#entries.get(key);
    const samePassword = before?.record.credential === record.credential;
    this.#entries.set(key, {
      record,
      matches: hostMatch(record.host),
      privileges: new Set(record.privileges),
      grants: record.grants
        .toSorted((a, b) => exactness(b.schema) - exactness(a.schema))
        .map((grant) => ({
          grant,
          schema: likePattern(grant.schema),
          privileges: new Set(grant.privileges),
        })),
      cache: before !== undefined && samePassword ? before.cache : { digest: undefined },
    });
  }
}

function comesFirst(a: AccountRecord, b: AccountRecord): boolean {
  const difference = exactness(a.host) - exactness(b.host);
  if (difference !== 0) return difference > 0;
  return a.user !== '' && b.user === '';
}

/** ER_SPECIFIC_ACCESS_DENIED_ERROR */
export function lacksPrivilege(names: string): ServerError {
  return new ServerError(
    1227,
    '42000',
    `Access denied; you need (at least one of) the ${names} privilege(s) for this operation`,
  );
}
