import { addPart } from './add-part.ts';
import { columnDefault, columnDefinition } from './column-definition.ts';
import { columnPlace } from './column-place.ts';
import type { TableChange, TableStatement } from './definition.ts';
import { dropPart } from './drop-part.ts';
import { changedPartitions, partitionRows, skipPartitions } from './partition-change.ts';
import type { DefinitionReader } from './reader.ts';
import { NO_OPTIONS, tableOption, tableOptions } from './table-options.ts';

/** ALTER [ONLINE|OFFLINE] [IGNORE] TABLE, with these words taken. */
export function alterTable(reader: DefinitionReader): TableStatement {
  const ifExists = reader.ifExists();
  const table = reader.qualifiedName();
  if (reader.accept('WAIT')) reader.number();
  else reader.accept('NOWAIT');
  const changes: TableChange[] = [];
  if (!reader.atStatementEnd) {
    // One by one: as arguments, as many as a hostile source writes are too many.
    do for (const one of change(reader)) changes.push(one);
    while (reader.acceptSymbol(',') || !reader.atStatementEnd);
  }
  return { kind: 'alterTable', table, ifExists, changes };
}

type Change = (reader: DefinitionReader) => readonly TableChange[];
const NOTHING: readonly TableChange[] = [];
/** The table is written anew, and its definition with it, though none of it be another. */
const REWRITTEN: readonly TableChange[] = [{ kind: 'options', options: NO_OPTIONS }];

function change(reader: DefinitionReader): readonly TableChange[] {
  const take = Object.hasOwn(changes, reader.word) ? changes[reader.word] : undefined;
  if (take !== undefined) {
    reader.advance();
    return take(reader);
  }
  const option = tableOption(reader);
  if (option === undefined) return reader.fail('a change of a table');
  return [{ kind: 'options', options: { ...NO_OPTIONS, ...option } }];
}

/** A word and the value behind it, with or without `=`. */
const skipOne: Change = (reader) => {
  reader.acceptSymbol('=');
  reader.skipValue();
  return NOTHING;
};

/** By the first word, which has been taken. */
const changes: Readonly<Record<string, Change>> = {
  ADD: addPart,
  DROP: dropPart,
  CHANGE: (reader) => {
    reader.accept('COLUMN');
    const ifExists = reader.ifExists();
    const from = reader.columnName();
    return [
      { kind: 'changeColumn', from, column: columnDefinition(reader), place: columnPlace(reader), ifExists },
    ];
  },
  MODIFY: (reader) => {
    reader.accept('COLUMN');
    const ifExists = reader.ifExists();
    const column = columnDefinition(reader);
    return [{ kind: 'changeColumn', from: column.name, column, place: columnPlace(reader), ifExists }];
  },
  ALTER: alterPart,
  RENAME: rename,
  CONVERT: (reader) => {
    // CONVERT PARTITION … TO TABLE and CONVERT TABLE … TO PARTITION move rows.
    if (reader.word === 'PARTITION' || reader.word === 'TABLE') return partitionRows(reader, 'CONVERT');
    reader.expect('TO');
    if (!reader.accept('CHARSET')) {
      reader.accept('CHARACTER', 'CHAR');
      reader.expect('SET');
    }
    const name = reader.nameOrString().toLowerCase();
    const charset = name === 'default' ? undefined : name;
    return [
      {
        kind: 'convert',
        charset,
        collation: reader.accept('COLLATE') ? reader.nameOrString().toLowerCase() : undefined,
      },
    ];
  },
  DEFAULT: (reader) => [{ kind: 'options', options: tableOptions(reader) }],
  PARTITION: (reader) => changedPartitions(reader, 'PARTITION'),
  REMOVE: (reader) => {
    reader.expect('PARTITIONING');
    return [{ kind: 'partitions', change: { kind: 'remove' } }];
  },
  TRUNCATE: (reader) => partitionRows(reader, 'TRUNCATE'),
  EXCHANGE: (reader) => partitionRows(reader, 'EXCHANGE'),
  DISCARD: (reader) => partitionRows(reader, 'DISCARD'),
  IMPORT: (reader) => partitionRows(reader, 'IMPORT'),
  COALESCE: (reader) => changedPartitions(reader, 'COALESCE'),
  REORGANIZE: (reader) => changedPartitions(reader, 'REORGANIZE'),
  REBUILD: skipPartitions,
  OPTIMIZE: skipPartitions,
  ANALYZE: skipPartitions,
  CHECK: skipPartitions,
  REPAIR: skipPartitions,
  ALGORITHM: (reader) => {
    reader.acceptSymbol('=');
    if (reader.accept('COPY')) return REWRITTEN;
    reader.skipValue();
    return NOTHING;
  },
  LOCK: skipOne,
  FORCE: () => REWRITTEN,
  ENABLE: (reader) => {
    reader.expect('KEYS');
    return NOTHING;
  },
  DISABLE: (reader) => {
    reader.expect('KEYS');
    return NOTHING;
  },
  SECONDARY_LOAD: () => NOTHING,
  SECONDARY_UNLOAD: () => NOTHING,
  ONLINE: () => NOTHING,
  ORDER: (reader) => {
    reader.expect('BY');
    do {
      reader.columnName();
      reader.accept('ASC', 'DESC');
    } while (reader.acceptSymbol(','));
    return REWRITTEN;
  },
  WITH: (reader) => {
    if (reader.accept('VALIDATION')) return NOTHING;
    reader.expect('SYSTEM', 'VERSIONING');
    return [{ kind: 'options', options: { ...NO_OPTIONS, systemVersioning: true } }];
  },
  WITHOUT: (reader) => {
    reader.expect('VALIDATION');
    return NOTHING;
  },
};

/** ALTER COLUMN, ALTER INDEX, ALTER CHECK, ALTER CONSTRAINT inside ALTER TABLE. */
function alterPart(reader: DefinitionReader): readonly TableChange[] {
  if (reader.accept('INDEX', 'KEY')) {
    reader.ifExists();
    reader.name();
    reader.accept('NOT');
    reader.accept('VISIBLE', 'INVISIBLE', 'IGNORED');
    return NOTHING;
  }
  if (reader.accept('CHECK', 'CONSTRAINT')) {
    reader.name();
    reader.accept('NOT');
    reader.expect('ENFORCED');
    return NOTHING;
  }
  reader.accept('COLUMN');
  reader.ifExists();
  const column = reader.columnName();
  if (reader.accept('DROP')) {
    reader.expect('DEFAULT');
    return [{ kind: 'setDefault', column, default: undefined }];
  }
  reader.expect('SET');
  if (reader.accept('VISIBLE')) return [{ kind: 'setVisible', column, visible: true }];
  if (reader.accept('INVISIBLE')) return [{ kind: 'setVisible', column, visible: false }];
  reader.expect('DEFAULT');
  return [{ kind: 'setDefault', column, default: columnDefault(reader) }];
}

function rename(reader: DefinitionReader): readonly TableChange[] {
  if (reader.accept('COLUMN')) {
    const ifExists = reader.ifExists();
    const from = reader.columnName();
    reader.expect('TO');
    return [{ kind: 'renameColumn', from, to: reader.columnName(), ifExists }];
  }
  if (reader.accept('INDEX', 'KEY')) {
    reader.ifExists();
    const from = reader.name();
    reader.expect('TO');
    return [{ kind: 'renameIndex', from, to: reader.name() }];
  }
  if (!reader.accept('TO', 'AS')) reader.acceptSymbol('=');
  return [{ kind: 'renameTable', to: reader.qualifiedName() }];
}
