import type { Assignment } from '../settings.ts';
import type { AccountName } from '../statement-cursor.ts';

/** How an account is to prove itself. Absent `password` and `stored`: no change, or none. */
export interface Authentication {
  /** Undefined: the server's default, or what the account has. */
  readonly plugin: string | undefined;
  /** IDENTIFIED BY: to be turned into a stored value. */
  readonly password?: string;
  /** IDENTIFIED … AS, USING: the stored value itself. */
  readonly stored?: string;
  /** BY RANDOM PASSWORD: the relay makes one up and tells it once. */
  readonly random?: true;
}

/** A REQUIRE clause. */
export type RequireClause =
  | { readonly kind: 'NONE' | 'SSL' | 'X509' }
  | {
      readonly kind: 'SPECIFIED';
      readonly cipher: string;
      readonly issuer: string;
      readonly subject: string;
    };

/** One account of CREATE or ALTER USER. */
export interface UserSpecification {
  readonly account: AccountName;
  readonly authentication: Authentication | undefined;
}

/** Clauses that hold for all accounts of a statement. Absent: not mentioned. */
export interface UserClauses {
  readonly require?: RequireClause;
  readonly locked?: boolean;
  readonly failedLoginAttempts?: number;
  /** Days; UNBOUNDED is −1. */
  readonly passwordLockTime?: number;
}

/** What a GRANT is for. */
export type GrantLevel =
  | { readonly kind: 'global' }
  /** `schema` undefined: the current one. */
  | { readonly kind: 'schema'; readonly schema: string | undefined }
  | { readonly kind: 'table'; readonly schema: string | undefined; readonly table: string };

export type AccountStatement =
  | {
      readonly kind: 'createUser';
      readonly ifNotExists: boolean;
      /** MariaDB's CREATE OR REPLACE. */
      readonly replace: boolean;
      readonly users: readonly UserSpecification[];
      readonly clauses: UserClauses;
    }
  | {
      readonly kind: 'alterUser';
      readonly ifExists: boolean;
      readonly users: readonly UserSpecification[];
      readonly clauses: UserClauses;
    }
  | { readonly kind: 'dropUser'; readonly ifExists: boolean; readonly accounts: readonly AccountName[] }
  | {
      readonly kind: 'renameUser';
      readonly pairs: readonly { readonly from: AccountName; readonly to: AccountName }[];
    }
  | {
      readonly kind: 'setPassword';
      readonly account: AccountName | undefined;
      readonly authentication: Authentication;
      /** What else MariaDB's SET sets. */
      readonly assignments: readonly Assignment[];
    }
  | {
      readonly kind: 'grant' | 'revoke';
      /** In upper case; `ALL` alone for ALL PRIVILEGES. */
      readonly privileges: readonly string[];
      readonly level: GrantLevel;
      readonly accounts: readonly UserSpecification[];
      /** WITH GRANT OPTION. */
      readonly grantOption: boolean;
      /** MariaDB allows REQUIRE here. */
      readonly clauses: UserClauses;
      /** REVOKE IF EXISTS: what was not granted is a warning. */
      readonly ifExists: boolean;
      /** REVOKE … IGNORE UNKNOWN USER. */
      readonly ignoreUnknown: boolean;
    }
  | {
      readonly kind: 'revokeAll';
      readonly accounts: readonly AccountName[];
      readonly ignoreUnknown: boolean;
    };
