import type { Privilege } from './privileges.ts';

/** REQUIRE as `mysql.user` keeps it: ssl_type and its three values. */
export interface Requirement {
  readonly type: '' | 'ANY' | 'X509' | 'SPECIFIED';
  readonly cipher: string;
  /** Names in one line: `/O=Acme/CN=replica`. */
  readonly issuer: string;
  readonly subject: string;
}

export const NO_REQUIREMENT: Requirement = { type: '', cipher: '', issuer: '', subject: '' };

/** What an account may do on a schema (a pattern) or on a table of one. */
export interface LocalGrant {
  readonly schema: string;
  /** Empty: on every table of the schema. */
  readonly table: string;
  readonly privileges: readonly Privilege[];
  readonly grantOption: boolean;
}

/** An account as the relay keeps it. Never changed in place. */
export interface AccountRecord {
  readonly user: string;
  /** A name, an address, or a pattern; in lower case. */
  readonly host: string;
  readonly plugin: string;
  readonly credential: string;
  readonly require: Requirement;
  readonly locked: boolean;
  /** 0: never locked by failed logins. */
  readonly failedLoginAttempts: number;
  /** Days; −1: until somebody unlocks it. */
  readonly passwordLockTime: number;
  /** Milliseconds since 1970. */
  readonly passwordChangedAt: number;
  readonly privileges: readonly Privilege[];
  readonly grantOption: boolean;
  readonly grants: readonly LocalGrant[];
}

/** How new accounts log in, as with a server of the family: what comes with MariaDB does not always know caching_sha2_password. */
export const DEFAULT_PLUGIN = { mysql: 'caching_sha2_password', mariadb: 'mysql_native_password' } as const;

export function newAccount(user: string, host: string, plugin: string, now: number): AccountRecord {
  return {
    user,
    host,
    plugin,
    credential: '',
    require: NO_REQUIREMENT,
    locked: false,
    failedLoginAttempts: 0,
    passwordLockTime: 0,
    passwordChangedAt: now,
    privileges: [],
    grantOption: false,
    grants: [],
  };
}
