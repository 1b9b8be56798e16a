import type { TableChange } from './definition.ts';
import { partitionRows } from './partition-change.ts';
import type { DefinitionReader } from './reader.ts';

/** The same behind DROP. */
export function dropPart(reader: DefinitionReader): readonly TableChange[] {
  if (reader.accept('PRIMARY')) {
    reader.expect('KEY');
    return [{ kind: 'dropPrimaryKey' }];
  }
  if (reader.accept('INDEX', 'KEY')) {
    const ifExists = reader.ifExists();
    return [{ kind: 'dropIndex', name: reader.name(), ifExists, constraint: false }];
  }
  if (reader.accept('FOREIGN')) {
    reader.expect('KEY');
    const ifExists = reader.ifExists();
    return [{ kind: 'dropForeignKey', name: reader.name(), ifExists }];
  }
  if (reader.accept('CHECK')) {
    reader.name();
    return [];
  }
  if (reader.accept('CONSTRAINT')) {
    const ifExists = reader.ifExists();
    return [{ kind: 'dropIndex', name: reader.name(), ifExists, constraint: true }];
  }
  if (reader.accept('PARTITION')) return partitionRows(reader, 'DROP');
  if (reader.acceptPhrase('SYSTEM', 'VERSIONING')) return [{ kind: 'dropSystemVersioning' }];
  const isColumn = reader.accept('COLUMN');
  const ifExists = reader.ifExists();
  const column = reader.columnName();
  if (!isColumn && column.toUpperCase() === 'PERIOD') {
    // PERIOD [IF EXISTS] FOR name
    reader.ifExists();
    if (reader.accept('FOR')) {
      reader.name();
      return [];
    }
  }
  reader.accept('RESTRICT', 'CASCADE');
  return [{ kind: 'dropColumn', column, ifExists }];
}
