import type { RequireClause, UserClauses } from '../../../sql/index.ts';
import { type AccountRecord, NO_REQUIREMENT, type Requirement } from '../../accounts/account-record.ts';

function requirementOf(clause: RequireClause): Requirement {
  switch (clause.kind) {
    case 'NONE':
      return NO_REQUIREMENT;
    case 'SSL':
      return { ...NO_REQUIREMENT, type: 'ANY' };
    case 'X509':
      return { ...NO_REQUIREMENT, type: 'X509' };
    case 'SPECIFIED':
      return { type: 'SPECIFIED', cipher: clause.cipher, issuer: clause.issuer, subject: clause.subject };
  }
}

/** An account with REQUIRE and the other clauses of CREATE USER and ALTER USER; what is not said stays. */
export function withClauses(record: AccountRecord, clauses: UserClauses): AccountRecord {
  const { require, locked, failedLoginAttempts, passwordLockTime } = clauses;
  return {
    ...record,
    ...(require === undefined ? {} : { require: requirementOf(require) }),
    ...(locked === undefined ? {} : { locked }),
    ...(failedLoginAttempts === undefined ? {} : { failedLoginAttempts }),
    ...(passwordLockTime === undefined ? {} : { passwordLockTime }),
  };
}
