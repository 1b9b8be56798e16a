import { skipBody } from './body.ts';
import { type DataStatement, deleteFrom, insert, load, skipCommonTables, update } from './classify-data.ts';
import { alter, create, type DefinitionStatement, drop, rename, truncate } from './classify-definition.ts';
import { type LexerOptions, SqlLexer, SqlMode } from './lexer.ts';
import { StatementReader } from './reader.ts';
import type { Statement, StatementKind } from './statement.ts';

type Classified = DefinitionStatement | DataStatement;
/** Continues behind the first word of a statement. */
type Continuation = StatementKind | ((reader: StatementReader) => Classified);

const kind = (it: StatementKind): Classified => ({ kind: it });

/** The kind of what a word after the first one says, or `otherwise`. */
const byNextWord =
  (words: Readonly<Record<string, StatementKind>>, otherwise: StatementKind): Continuation =>
  (reader) => {
    const { word } = reader;
    const found = Object.hasOwn(words, word) ? words[word]! : otherwise;
    if (found !== otherwise) reader.advance();
    return kind(found);
  };

function begin(reader: StatementReader): Classified {
  reader.accept('WORK');
  // MariaDB: BEGIN NOT ATOMIC … END, and under ORACLE mode BEGIN … END.
  return reader.atStatementEnd ? kind('begin') : { kind: 'compound', hasBody: true };
}

function rollback(reader: StatementReader): Classified {
  reader.accept('WORK');
  return kind(reader.word === 'TO' ? 'rollbackTo' : 'rollback');
}

const FOR: ReadonlySet<string> = new Set(['FOR']);
const OF_ROLE: ReadonlySet<string> = new Set(['FOR', 'TO']);

/** Whether more is set: behind a password or role, MariaDB and MySQL before 5.7 set anything, global variables, too. */
function goesOn(reader: StatementReader): boolean {
  while (!reader.atStatementEnd && !reader.isSymbol(',')) {
    if (reader.isSymbol('(')) reader.skipParentheses();
    else reader.advance();
  }
  return !reader.atStatementEnd;
}

function set(reader: StatementReader): Classified {
  // MariaDB: SET STATEMENT variable = value, … FOR statement
  if (reader.accept('STATEMENT')) {
    reader.seek(FOR);
    reader.advance();
    return classifyReader(reader);
  }
  if (reader.accept('PASSWORD')) return kind(goesOn(reader) ? 'set' : 'account');
  if (!reader.accept('DEFAULT') || reader.word !== 'ROLE') return kind('set');
  // MySQL: roles and accounts in lists, TO between them. MariaDB: one role FOR one account.
  const isList = reader.seek(OF_ROLE) === 'FOR' && goesOn(reader);
  return kind(isList ? 'set' : 'account');
}

function withQuery(reader: StatementReader): Classified {
  skipCommonTables(reader);
  return classifyReader(reader);
}

/** OPTIMIZE, ANALYZE, REPAIR */
function maintenance(reader: StatementReader): Classified {
  reader.skipWords('NO_WRITE_TO_BINLOG', 'LOCAL');
  // MariaDB repairs views, too.
  const isOfTables = reader.accept('TABLE', 'TABLES', 'VIEW');
  return { kind: 'maintenance', ...(isOfTables ? { tables: reader.tableNames() } : {}) };
}

const BEHIND_TABLES: ReadonlySet<string> = new Set(['WITH', 'FOR']);

function flush(reader: StatementReader): Classified {
  reader.skipWords('NO_WRITE_TO_BINLOG', 'LOCAL');
  const isOfTables = reader.accept('TABLE', 'TABLES') && !BEHIND_TABLES.has(reader.word);
  return { kind: 'flush', tables: isOfTables ? reader.tableNames() : [] };
}

/** MariaDB: ANALYZE [FORMAT=…] statement runs the statement; ANALYZE TABLE is another thing. */
function analyze(reader: StatementReader): Classified {
  const found = maintenance(reader);
  if (found.tables !== undefined) return found;
  if (reader.accept('FORMAT')) {
    reader.acceptSymbol('=');
    reader.advance();
  }
  return classifyReader(reader);
}

const COMPOUND: Continuation = () => ({ kind: 'compound', hasBody: true });

const statements: Readonly<Record<string, Continuation>> = {
  BEGIN: begin,
  START: byNextWord({ TRANSACTION: 'begin' }, 'administrative'),
  COMMIT: 'commit',
  ROLLBACK: rollback,
  SAVEPOINT: 'savepoint',
  RELEASE: 'releaseSavepoint',
  XA: byNextWord(
    {
      START: 'xaStart',
      BEGIN: 'xaStart',
      END: 'xaEnd',
      PREPARE: 'xaPrepare',
      COMMIT: 'xaCommit',
      ROLLBACK: 'xaRollback',
      RECOVER: 'xaRecover',
    },
    'unknown',
  ),
  INSERT: (reader) => insert(reader, 'insert'),
  REPLACE: (reader) => insert(reader, 'replace'),
  UPDATE: update,
  DELETE: deleteFrom,
  LOAD: load,
  WITH: withQuery,
  SELECT: 'select',
  TABLE: 'select',
  VALUES: 'select',
  CALL: 'call',
  DO: 'do',
  HANDLER: 'handler',
  CREATE: create,
  ALTER: alter,
  DROP: drop,
  RENAME: rename,
  TRUNCATE: truncate,
  GRANT: 'account',
  REVOKE: 'account',
  IMPORT: 'importTable',
  SET: set,
  ANALYZE: analyze,
  OPTIMIZE: maintenance,
  REPAIR: maintenance,
  CHECK: 'maintenance',
  CHECKSUM: 'maintenance',
  CACHE: 'maintenance',
  FLUSH: flush,
  SHOW: 'show',
  HELP: 'show',
  EXPLAIN: 'explain',
  DESCRIBE: 'explain',
  DESC: 'explain',
  USE: 'use',
  PREPARE: 'prepared',
  EXECUTE: 'prepared',
  DEALLOCATE: 'prepared',
  BINLOG: 'binlog',
  SIGNAL: 'signal',
  RESIGNAL: 'signal',
  GET: 'signal',
  RESET: 'administrative',
  PURGE: 'administrative',
  KILL: 'administrative',
  LOCK: 'administrative',
  UNLOCK: 'administrative',
  CHANGE: 'administrative',
  STOP: 'administrative',
  INSTALL: 'administrative',
  UNINSTALL: 'administrative',
  SHUTDOWN: 'administrative',
  RESTART: 'administrative',
  CLONE: 'administrative',
  BACKUP: 'administrative',
  // MariaDB runs these outside stored programs too.
  IF: COMPOUND,
  CASE: COMPOUND,
  LOOP: COMPOUND,
  REPEAT: COMPOUND,
  WHILE: COMPOUND,
  FOR: COMPOUND,
  DECLARE: COMPOUND,
};

/** SET STATEMENT … FOR SET STATEMENT … and the like: deeper than anybody writes. */
const MAX_NESTING = 16;

function classifyReader(reader: StatementReader): Classified {
  if (reader.atStatementEnd) return kind('empty');
  reader.nesting += 1;
  if (reader.nesting > MAX_NESTING) return kind('unknown');
  while (reader.isSymbol('(')) reader.advance();
  const { word } = reader;
  const continuation = Object.hasOwn(statements, word) ? statements[word]! : undefined;
  reader.advance();
  // A label: `name: BEGIN … END`, in ORACLE mode `<<name>>`.
  if (reader.isSymbol(':') || (word === '' && reader.isSymbol('<')))
    return { kind: 'compound', hasBody: true };
  if (continuation === undefined) return kind('unknown');
  return typeof continuation === 'string' ? kind(continuation) : continuation(reader);
}

/** Goes on to the semicolon that ends the statement, or to the end of the text. */
function skipRest(reader: StatementReader, hasBody: boolean): void {
  if (hasBody) skipBody(reader);
  else while (!reader.atStatementEnd) reader.advance();
}

const NO_TABLES: readonly never[] = [];

/**
 * Says what the first statement of `sql` is, and whether more follow. Understands both dialects; `options.flavor` decides
 * which executable comments are code.
 */
export function classifyStatement(sql: Uint8Array, options: LexerOptions = {}): Statement {
  const lexer = new SqlLexer(sql, options);
  const reader = new StatementReader(lexer);
  while (reader.acceptSymbol(';'));
  const found: DefinitionStatement = classifyReader(reader);
  // MariaDB's packages, and all programs of its ORACLE mode, declare things before a BEGIN: they are taken to fill the text.
  const isOracle = ((options.sqlMode ?? 0) & SqlMode.ORACLE) !== 0;
  const declaresFirst = found.kind === 'createPackage' || (found.hasBody === true && isOracle);
  const fillsText = found.kind === 'compound' || (declaresFirst && options.flavor === 'mariadb');
  if (fillsText) while (!reader.atEnd) reader.advance();
  else skipRest(reader, found.hasBody === true);
  while (reader.acceptSymbol(';'));
  const more = !reader.atEnd;
  // Only the whole text shows all of its comments.
  while (!reader.atEnd) reader.advance();
  return {
    kind: found.kind,
    temporary: found.temporary === true,
    select: found.select === true,
    startTransaction: found.startTransaction === true,
    tables: found.tables ?? NO_TABLES,
    more,
    malformed: lexer.malformed,
    commentVersions: [...lexer.versions].sort((a, b) => a - b),
  };
}
