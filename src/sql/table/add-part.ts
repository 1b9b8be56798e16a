import { columnDefinition } from './column-definition.ts';
import { columnPlace } from './column-place.ts';
import type { ColumnPlace, TableChange } from './definition.ts';
import { indexClause, startsIndex } from './index-definition.ts';
import { changedPartitions } from './partition-change.ts';
import type { DefinitionReader } from './reader.ts';
import { NO_OPTIONS } from './table-options.ts';

const LAST: ColumnPlace = { kind: 'last' };

/** Columns, indexes, constraints and partitions: ADD, inside ALTER TABLE. */
export function addPart(reader: DefinitionReader): readonly TableChange[] {
  if (startsIndex(reader)) {
    const clause = indexClause(reader);
    return clause === undefined ? [] : [clause];
  }
  if (reader.word === 'PARTITION') return changedPartitions(reader, 'ADD');
  if (reader.acceptPhrase('SYSTEM', 'VERSIONING'))
    return [{ kind: 'options', options: { ...NO_OPTIONS, systemVersioning: true } }];
  const isColumn = reader.accept('COLUMN');
  const ifNotExists = reader.ifNotExists();
  if (!isColumn && reader.word === 'PERIOD') {
    const name = reader.name();
    reader.ifNotExists();
    if (reader.accept('FOR')) {
      reader.name();
      reader.skipParentheses();
      return [];
    }
    return [
      {
        kind: 'addColumn',
        column: columnDefinition(reader, name),
        place: columnPlace(reader) ?? LAST,
        ifNotExists,
      },
    ];
  }
  if (!reader.acceptSymbol('('))
    return [
      {
        kind: 'addColumn',
        column: columnDefinition(reader),
        place: columnPlace(reader) ?? LAST,
        ifNotExists,
      },
    ];
  // ADD (a INT, b INT, KEY (a))
  const added: TableChange[] = [];
  do {
    if (!startsIndex(reader))
      added.push({ kind: 'addColumn', column: columnDefinition(reader), place: LAST, ifNotExists });
    else {
      const clause = indexClause(reader);
      if (clause !== undefined) added.push(clause);
    }
  } while (reader.acceptSymbol(','));
  reader.expectSymbol(')');
  return added;
}
