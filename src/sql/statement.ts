/** What a statement is, in the server's own division (SQLCOM_…), as far as replication cares. */
export const StatementKind = [
  // Transactions
  'begin',
  'commit',
  'rollback',
  'rollbackTo',
  'savepoint',
  'releaseSavepoint',
  'xaStart',
  'xaEnd',
  'xaPrepare',
  'xaCommit',
  'xaRollback',
  'xaRecover',
  // Data
  'insert',
  'insertSelect',
  'replace',
  'replaceSelect',
  'update',
  'multiUpdate',
  'delete',
  'multiDelete',
  'loadData',
  'loadXml',
  'select',
  'call',
  'do',
  'handler',
  // Definition
  'createTable',
  'alterTable',
  'dropTable',
  'renameTable',
  'truncate',
  'createIndex',
  'dropIndex',
  'createView',
  'alterView',
  'dropView',
  'createDatabase',
  'alterDatabase',
  'dropDatabase',
  'createProcedure',
  'createFunction',
  'createTrigger',
  'createEvent',
  'createPackage',
  'createSequence',
  'createOther',
  'alterOther',
  'dropSequence',
  'dropOther',
  'account',
  'importTable',
  // The rest
  'set',
  'maintenance',
  'flush',
  'administrative',
  'show',
  'explain',
  'use',
  'prepared',
  'binlog',
  'compound',
  'signal',
  'empty',
  'unknown',
] as const;
export type StatementKind = (typeof StatementKind)[number];

/** Statements that change rows themselves, and not by what they call. */
export const rowChanges: ReadonlySet<StatementKind> = new Set([
  'insert',
  'insertSelect',
  'replace',
  'replaceSelect',
  'update',
  'multiUpdate',
  'delete',
  'multiDelete',
  'loadData',
  'loadXml',
]);

/** A name as written, without its quotes; `schema` only if it was written. One character a byte. */
export interface TableName {
  readonly schema: string | undefined;
  readonly table: string;
}

/** The first statement of a text. */
export interface Statement {
  readonly kind: StatementKind;
  /** CREATE or DROP with TEMPORARY. */
  readonly temporary: boolean;
  /** CREATE TABLE from a query. */
  readonly select: boolean;
  /** CREATE TABLE … START TRANSACTION: the first half of an atomic CREATE TABLE … SELECT in row format. */
  readonly startTransaction: boolean;
  /** The tables it writes, defines or keeps in order, where the text alone tells them: of an UPDATE or DELETE of several those that change. */
  readonly tables: readonly TableName[];
  /** Whether another statement follows after a semicolon. */
  readonly more: boolean;
  /** Whether a quote or comment does not end. */
  readonly malformed: boolean;
  /** Versions of executable comments in the text, ascending; 0 stands for one without a version. */
  readonly commentVersions: readonly number[];
}
