import { Token } from './lexer.ts';
import type { StatementReader } from './reader.ts';
import type { StatementKind, TableName } from './statement.ts';

/** CREATE, ALTER, DROP and their kind. */
export interface DefinitionStatement {
  readonly kind: StatementKind;
  readonly tables?: readonly TableName[];
  readonly temporary?: boolean;
  readonly select?: boolean;
  readonly startTransaction?: boolean;
  /** Whether a body of statements may follow, with semicolons of its own. */
  readonly hasBody?: boolean;
}

/** The kind of object a statement is about, by the word that names it. */
type ObjectKind =
  | 'table'
  | 'index'
  | 'view'
  | 'database'
  | 'procedure'
  | 'function'
  | 'trigger'
  | 'event'
  | 'package'
  | 'sequence'
  | 'account'
  | 'other';

const objectWords: Readonly<Record<string, ObjectKind>> = {
  TABLE: 'table',
  TABLES: 'table',
  INDEX: 'index',
  VIEW: 'view',
  DATABASE: 'database',
  SCHEMA: 'database',
  PROCEDURE: 'procedure',
  FUNCTION: 'function',
  TRIGGER: 'trigger',
  EVENT: 'event',
  PACKAGE: 'package',
  SEQUENCE: 'sequence',
  USER: 'account',
  ROLE: 'account',
  // MySQL 9.2: bodies of code that routines share
  LIBRARY: 'function',
  SERVER: 'other',
  TABLESPACE: 'other',
  LOGFILE: 'other',
  RESOURCE: 'other',
  REFERENCE: 'other',
  INSTANCE: 'other',
  UNDO: 'other',
};

const createKinds: Readonly<Record<ObjectKind, StatementKind>> = {
  table: 'createTable',
  index: 'createIndex',
  view: 'createView',
  database: 'createDatabase',
  procedure: 'createProcedure',
  function: 'createFunction',
  trigger: 'createTrigger',
  event: 'createEvent',
  package: 'createPackage',
  sequence: 'createSequence',
  account: 'account',
  other: 'createOther',
};

const alterKinds: Partial<Record<ObjectKind, StatementKind>> = {
  table: 'alterTable',
  view: 'alterView',
  database: 'alterDatabase',
  account: 'account',
};

const dropKinds: Partial<Record<ObjectKind, StatementKind>> = {
  table: 'dropTable',
  index: 'dropIndex',
  view: 'dropView',
  database: 'dropDatabase',
  sequence: 'dropSequence',
  account: 'account',
};

const WITH_BODY: ReadonlySet<ObjectKind> = new Set(['procedure', 'function', 'trigger', 'event', 'package']);

/** Goes to the word that names the object, and behind it. Notes TEMPORARY on the way. */
function objectOf(reader: StatementReader): { object: ObjectKind | undefined; temporary: boolean } {
  let temporary = false;
  while (!reader.atStatementEnd) {
    if (reader.accept('DEFINER')) {
      // Also the last word of SQL SECURITY DEFINER.
      if (reader.acceptSymbol('=')) skipUser(reader);
      continue;
    }
    if (reader.word === 'TEMPORARY') temporary = true;
    const object = Object.hasOwn(objectWords, reader.word) ? objectWords[reader.word] : undefined;
    reader.advance();
    if (object !== undefined) return { object, temporary };
  }
  return { object: undefined, temporary };
}

/** `user@host`, `'user'@'host'`, `CURRENT_USER()`, where any word may be the user. */
function skipUser(reader: StatementReader): void {
  reader.advance();
  if (reader.isSymbol('(')) reader.skipParentheses();
  if (reader.lexer.token === Token.VARIABLE) reader.advance();
}

/** CREATE, with the first word taken. */
export function create(reader: StatementReader): DefinitionStatement {
  const { object, temporary } = objectOf(reader);
  if (object === undefined) return { kind: 'unknown', temporary };
  const kind = createKinds[object];
  if (object === 'table') return createTable(reader, temporary);
  if (object === 'index') return { kind, tables: tableBehindOn(reader) };
  if (object === 'view' || object === 'sequence') {
    reader.skipIfExists();
    return { kind, temporary, tables: reader.tableNames().slice(0, 1) };
  }
  if (object === 'trigger') return { kind, temporary, tables: tableBehindOn(reader), hasBody: true };
  if (WITH_BODY.has(object)) {
    reader.lexer.dollarQuotes = object === 'function' || object === 'procedure';
    return { kind, temporary, hasBody: true };
  }
  return { kind, temporary };
}

const ON: ReadonlySet<string> = new Set(['ON']);

/** The table that an index or a trigger is on. */
function tableBehindOn(reader: StatementReader): TableName[] {
  reader.seek(ON);
  reader.advance();
  return reader.tableNames().slice(0, 1);
}

const QUERY_START: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'TABLE', 'VALUES']);

function createTable(reader: StatementReader, temporary: boolean): DefinitionStatement {
  reader.skipIfExists();
  const name = reader.tableName();
  let select = false;
  let startTransaction = false;
  while (!reader.atStatementEnd) {
    if (reader.isSymbol('(')) {
      if (startsQuery(reader)) select = true;
      continue;
    }
    const { word } = reader;
    reader.advance();
    // Outside parentheses a word of a query is one; WITH also begins WITH SYSTEM VERSIONING and WITH PARSER.
    if (word === 'SELECT' || word === 'TABLE' || word === 'VALUES') select = true;
    else if (word === 'START' && reader.word === 'TRANSACTION') startTransaction = true;
  }
  return {
    kind: 'createTable',
    temporary,
    select,
    startTransaction,
    tables: name === undefined ? [] : [name],
  };
}

/** With `(` at hand: whether a query is inside. Goes behind the parentheses, or into them if they hold one. */
function startsQuery(reader: StatementReader): boolean {
  let depth = 0;
  while (reader.acceptSymbol('(')) depth += 1;
  if (QUERY_START.has(reader.word)) return true;
  while (depth > 0 && !reader.atEnd) {
    if (reader.isSymbol('(')) depth += 1;
    else if (reader.isSymbol(')')) depth -= 1;
    reader.advance();
  }
  return false;
}

/** ALTER, with the first word taken. */
export function alter(reader: StatementReader): DefinitionStatement {
  const { object } = objectOf(reader);
  if (object === undefined) return { kind: 'unknown' };
  if (object === 'event') return { kind: 'alterOther', hasBody: true };
  const kind = alterKinds[object] ?? 'alterOther';
  if (object !== 'table' && object !== 'view') return { kind };
  reader.skipIfExists();
  return { kind, tables: reader.tableNames().slice(0, 1) };
}

/** DROP, with the first word taken. */
export function drop(reader: StatementReader): DefinitionStatement {
  // DROP PREPARE name is DEALLOCATE PREPARE name.
  if (reader.word === 'PREPARE') return { kind: 'prepared' };
  const { object, temporary } = objectOf(reader);
  if (object === undefined) return { kind: 'unknown', temporary };
  const kind = dropKinds[object] ?? 'dropOther';
  if (object === 'index') return { kind, tables: tableBehindOn(reader) };
  if (object !== 'table' && object !== 'view' && object !== 'sequence') return { kind, temporary };
  reader.skipIfExists();
  return { kind, temporary, tables: reader.tableNames() };
}

/** RENAME, with the first word taken. */
export function rename(reader: StatementReader): DefinitionStatement {
  if (reader.accept('USER')) return { kind: 'account' };
  if (!reader.accept('TABLE', 'TABLES')) return { kind: 'unknown' };
  reader.skipIfExists();
  const tables: TableName[] = [];
  do {
    const from = reader.tableName();
    reader.seek(TO);
    reader.advance();
    const to = reader.tableName();
    for (const name of [from, to]) if (name !== undefined) tables.push(name);
  } while (reader.acceptSymbol(','));
  return { kind: 'renameTable', tables };
}

const TO: ReadonlySet<string> = new Set(['TO']);

/** TRUNCATE, with the first word taken. */
export function truncate(reader: StatementReader): DefinitionStatement {
  reader.accept('TABLE');
  return { kind: 'truncate', tables: reader.tableNames().slice(0, 1) };
}
