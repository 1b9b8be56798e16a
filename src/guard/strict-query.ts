import type { Flavor } from '../charset/index.ts';
import {
  classifyStatement,
  NEWEST_VERSION,
  SqlMode,
  type Statement,
  type StatementKind,
} from '../sql/index.ts';
import type { GuardQuery } from './event.ts';
import type { Violation } from './verdict.ts';

/** What a statement is to the transaction it stands in, if it may pass. */
export type QueryInput =
  | 'begin'
  | 'end'
  | 'savepoint'
  | 'xaEnd'
  | 'xaFinish'
  /** CREATE TABLE, alone or as the first half of CREATE TABLE … SELECT in row format. */
  | 'table'
  /** The same, marked by MySQL 8.0.21+ as that half. */
  | 'tableOfRows'
  | 'definition'
  | 'note';

const kinds: Readonly<Record<StatementKind, QueryInput | Violation>> = {
  begin: 'begin',
  commit: 'end',
  rollback: 'end',
  rollbackTo: 'savepoint',
  savepoint: 'savepoint',
  releaseSavepoint: 'savepoint',
  xaStart: 'begin',
  xaEnd: 'xaEnd',
  xaPrepare: 'end',
  xaCommit: 'xaFinish',
  xaRollback: 'xaFinish',
  xaRecover: 'unknownStatement',
  insert: 'statementChange',
  insertSelect: 'statementChange',
  replace: 'statementChange',
  replaceSelect: 'statementChange',
  update: 'statementChange',
  multiUpdate: 'statementChange',
  delete: 'statementChange',
  multiDelete: 'statementChange',
  loadData: 'loadData',
  loadXml: 'loadData',
  // Logged only for what the functions in it change.
  select: 'statementChange',
  call: 'statementChange',
  do: 'statementChange',
  handler: 'unknownStatement',
  createTable: 'table',
  alterTable: 'definition',
  dropTable: 'definition',
  renameTable: 'definition',
  truncate: 'definition',
  createIndex: 'definition',
  dropIndex: 'definition',
  createView: 'definition',
  alterView: 'definition',
  dropView: 'definition',
  createDatabase: 'definition',
  alterDatabase: 'definition',
  dropDatabase: 'definition',
  createProcedure: 'definition',
  createFunction: 'definition',
  createTrigger: 'definition',
  createEvent: 'definition',
  createPackage: 'definition',
  createSequence: 'definition',
  createOther: 'definition',
  alterOther: 'definition',
  dropSequence: 'definition',
  dropOther: 'definition',
  account: 'definition',
  importTable: 'definition',
  maintenance: 'definition',
  flush: 'definition',
  set: 'unknownStatement',
  administrative: 'unknownStatement',
  show: 'unknownStatement',
  explain: 'unknownStatement',
  use: 'unknownStatement',
  prepared: 'statementChange',
  binlog: 'statementChange',
  compound: 'statementChange',
  signal: 'unknownStatement',
  // Comments alone: what MariaDB puts in place of events that a replica would not know.
  empty: 'note',
  unknown: 'unknownStatement',
};

function inputOf(statement: Statement): QueryInput | Violation {
  if (statement.malformed) return 'unreadableStatement';
  if (statement.more) return 'severalStatements';
  if (statement.temporary) return 'temporaryTable';
  if (statement.kind !== 'createTable') return kinds[statement.kind];
  if (statement.select) return 'createSelect';
  return statement.startTransaction ? 'tableOfRows' : 'table';
}

/** More versions than this in one statement is no statement that anybody needs. */
const MAX_COMMENT_VERSIONS = 8;

const BEGIN = Buffer.from('BEGIN');
const COMMIT = Buffer.from('COMMIT');

/** The settings that decide where strings end. */
interface Reading {
  readonly sqlMode: number;
  readonly charset?: string;
}

const ALL_MODES = [
  0,
  SqlMode.ANSI_QUOTES,
  SqlMode.NO_BACKSLASH_ESCAPES,
  SqlMode.ANSI_QUOTES | SqlMode.NO_BACKSLASH_ESCAPES,
] as const;
/** The character sets that a backslash or a quote can be part of a character in, and all others. */
const ALL_CHARSETS = ['utf8mb4', 'gbk', 'sjis', 'cp932', 'big5', 'gb18030'] as const;
const FIRST_MULTIBYTE = 0x80;

/** The ways a statement may be read where the event does not say which. */
function readingsOf({ statement, sqlMode, charset }: GuardQuery): readonly Reading[] {
  const modes = sqlMode === undefined ? ALL_MODES : [sqlMode];
  if (charset !== undefined) return modes.map((mode) => ({ sqlMode: mode, charset }));
  if (!statement.some((byte) => byte >= FIRST_MULTIBYTE)) return modes.map((mode) => ({ sqlMode: mode }));
  return modes.flatMap((mode) => ALL_CHARSETS.map((name) => ({ sqlMode: mode, charset: name })));
}

/** What a Query event's statement is, however a server may read it. */
export function queryInput(query: GuardQuery): QueryInput | Violation {
  const { statement } = query;
  if (statement.length === 0) return 'emptyQuery';
  if (BEGIN.equals(statement)) return 'begin';
  if (COMMIT.equals(statement)) return 'end';
  let input: QueryInput | Violation | undefined;
  for (const reading of readingsOf(query)) {
    const other = readingInput(query, reading);
    if (!isInput(other)) return other;
    if (input !== undefined && input !== other) return 'ambiguousStatement';
    input = other;
  }
  return input ?? 'emptyQuery';
}

/** What it is read in one way, whatever becomes of its executable comments. */
function readingInput({ statement, flavor }: GuardQuery, options: Reading): QueryInput | Violation {
  const read = (by: Flavor, version: number): Statement =>
    classifyStatement(statement, { ...options, flavor: by, version });
  const first = read(flavor, NEWEST_VERSION[flavor]);
  const input = inputOf(first);
  const versions = first.commentVersions;
  if (versions.length === 0 || !isInput(input)) return input;
  if (versions.length > MAX_COMMENT_VERSIONS) return 'ambiguousStatement';
  for (const by of ['mysql', 'mariadb'] as const) {
    // Each version begins to run at its own number: below the smallest, none does.
    for (const version of [0, ...versions]) {
      const other = read(by, version);
      // What is no statement, or none that is known, changes nothing there.
      if (other.kind === 'empty' || other.kind === 'unknown') continue;
      const otherInput = inputOf(other);
      if (otherInput !== input) return isInput(otherInput) ? 'ambiguousStatement' : otherInput;
    }
  }
  return input;
}

const INPUTS: ReadonlySet<string> = new Set<QueryInput>([
  'begin',
  'end',
  'savepoint',
  'xaEnd',
  'xaFinish',
  'table',
  'tableOfRows',
  'definition',
  'note',
]);

const isInput = (outcome: QueryInput | Violation): outcome is QueryInput => INPUTS.has(outcome);
