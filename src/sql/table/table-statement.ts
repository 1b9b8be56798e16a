import { bufferOf } from '../../bytes/index.ts';
import { type LexerOptions, SqlMode } from '../lexer.ts';
import { alterTable } from './alter-table.ts';
import { createTable } from './create-table.ts';
import type { TableStatement } from './definition.ts';
import { createIndex, dropIndex } from './index-statement.ts';
import { DefinitionReader, NotUnderstood } from './reader.ts';

/**
 * Reads a statement for what it does to tables and schemas.
 *
 * Statements about other things are `other`. One that is about a table but goes on in an unknown way is `unknown`, with the place
 * where reading stopped: nothing is guessed, and the text of literals is not repeated.
 *
 * @param sql one statement, in the character set that `options` name (utf8mb4 if they do not)
 */
export function parseTableStatement(sql: Uint8Array, options: LexerOptions = {}): TableStatement {
  const escapes = ((options.sqlMode ?? 0) & SqlMode.NO_BACKSLASH_ESCAPES) === 0;
  const reader = new DefinitionReader(bufferOf(sql), options, escapes);
  try {
    const statement = begin(reader);
    if (statement.kind === 'other' || reader.atStatementEnd) return statement;
    if (statement.kind === 'createTable' && statement.select) return statement;
    return reader.fail('the end of the statement');
  } catch (error) {
    if (error instanceof NotUnderstood) return { kind: 'unknown', reason: error.message };
    throw error;
  }
}

const OTHER: TableStatement = { kind: 'other' };

function begin(reader: DefinitionReader): TableStatement {
  if (reader.accept('CREATE')) return create(reader);
  if (reader.accept('ALTER')) return alter(reader);
  if (reader.accept('DROP')) return drop(reader);
  if (reader.accept('RENAME')) return reader.accept('TABLE', 'TABLES') ? renameTables(reader) : OTHER;
  if (reader.accept('TRUNCATE')) return truncate(reader);
  return OTHER;
}

const INDEX_KINDS = { UNIQUE: 'unique', FULLTEXT: 'fulltext', SPATIAL: 'spatial', VECTOR: 'vector' } as const;

function create(reader: DefinitionReader): TableStatement {
  const orReplace = reader.acceptPhrase('OR', 'REPLACE');
  const temporary = reader.accept('TEMPORARY');
  if (reader.accept('TABLE')) return createTable(reader, { temporary, orReplace });
  if (reader.accept('DATABASE', 'SCHEMA')) {
    const ifNotExists = reader.ifNotExists();
    const schema = reader.name();
    return { kind: 'createSchema', schema, ifNotExists, orReplace, ...schemaOptions(reader) };
  }
  // MariaDB: ONLINE and OFFLINE may stand before the kind.
  reader.accept('ONLINE', 'OFFLINE');
  for (const [word, kind] of Object.entries(INDEX_KINDS)) {
    if (!reader.accept(word)) continue;
    // CREATE SPATIAL REFERENCE SYSTEM is no index.
    return reader.accept('INDEX') ? indexed(reader, createIndex(reader, kind)) : OTHER;
  }
  return reader.accept('INDEX') ? indexed(reader, createIndex(reader, 'index')) : OTHER;
}

function indexed(reader: DefinitionReader, statement: TableStatement): TableStatement {
  // Options, ALGORITHM, LOCK: how, not what.
  while (!reader.atStatementEnd) reader.skipValue();
  return statement;
}

function alter(reader: DefinitionReader): TableStatement {
  reader.accept('ONLINE', 'OFFLINE');
  reader.accept('IGNORE');
  if (reader.accept('TABLE')) return alterTable(reader);
  if (!reader.accept('DATABASE', 'SCHEMA')) return OTHER;
  const named = !SCHEMA_OPTION.has(reader.word) && !reader.atStatementEnd;
  const schema = named ? reader.name() : undefined;
  return { kind: 'alterSchema', schema, ...schemaOptions(reader) };
}

const SCHEMA_OPTION = new Set([
  'DEFAULT',
  'CHARACTER',
  'CHARSET',
  'COLLATE',
  'COMMENT',
  'ENCRYPTION',
  'READ',
  'UPGRADE',
]);

function schemaOptions(reader: DefinitionReader): {
  charset: string | undefined;
  collation: string | undefined;
} {
  let charset: string | undefined;
  let collation: string | undefined;
  while (!reader.atStatementEnd) {
    reader.accept('DEFAULT');
    if (reader.accept('CHARSET') || reader.acceptPhrase('CHARACTER', 'SET')) {
      reader.acceptSymbol('=');
      charset = reader.nameOrString().toLowerCase();
    } else if (reader.accept('COLLATE')) {
      reader.acceptSymbol('=');
      collation = reader.nameOrString().toLowerCase();
    } else reader.skipValue();
  }
  return { charset, collation };
}

function drop(reader: DefinitionReader): TableStatement {
  const temporary = reader.accept('TEMPORARY');
  if (reader.accept('TABLE', 'TABLES')) {
    const ifExists = reader.ifExists();
    const tables = reader.qualifiedNames();
    while (!reader.atStatementEnd) {
      if (reader.accept('WAIT')) reader.number();
      else if (!reader.accept('RESTRICT', 'CASCADE', 'NOWAIT')) reader.fail('the end of the statement');
    }
    return { kind: 'dropTables', tables, ifExists, temporary };
  }
  if (reader.accept('DATABASE', 'SCHEMA')) {
    const ifExists = reader.ifExists();
    return { kind: 'dropSchema', schema: reader.name(), ifExists };
  }
  reader.accept('ONLINE', 'OFFLINE');
  return reader.accept('INDEX') ? indexed(reader, dropIndex(reader)) : OTHER;
}

function renameTables(reader: DefinitionReader): TableStatement {
  const ifExists = reader.ifExists();
  const pairs = [];
  do {
    const from = reader.qualifiedName();
    if (reader.accept('WAIT')) reader.number();
    else reader.accept('NOWAIT');
    reader.expect('TO');
    pairs.push({ from, to: reader.qualifiedName() });
  } while (reader.acceptSymbol(','));
  return { kind: 'renameTables', pairs, ifExists };
}

function truncate(reader: DefinitionReader): TableStatement {
  reader.accept('TABLE');
  const table = reader.qualifiedName();
  if (reader.accept('WAIT')) reader.number();
  else reader.accept('NOWAIT');
  return { kind: 'truncateTable', table };
}
