export type {
  AccountStatement,
  Authentication,
  GrantLevel,
  RequireClause,
  UserClauses,
  UserSpecification,
} from './account-statement.ts';
export { readGrant, readRevoke } from './grants.ts';
export {
  readAlterUser,
  readCreateUser,
  readDropUser,
  readRenameUser,
  readSetPassword,
  readSetRole,
} from './users.ts';
