import type { ForeignKeyDefinition, ForeignKeyReference, ReferentialAction } from './definition.ts';
import type { DefinitionReader } from './reader.ts';

/** Takes what follows REFERENCES. */
export function references(reader: DefinitionReader): ForeignKeyReference {
  const parent = reader.qualifiedName();
  const parentColumns = reader.isSymbol('(') ? columnNames(reader) : [];
  let onDelete: ReferentialAction = 'restrict';
  let onUpdate: ReferentialAction = 'restrict';
  for (;;) {
    if (reader.accept('MATCH')) reader.accept('FULL', 'PARTIAL', 'SIMPLE');
    else if (!reader.accept('ON')) return { parent, parentColumns, onDelete, onUpdate };
    else if (reader.accept('DELETE')) onDelete = action(reader);
    else {
      reader.expect('UPDATE');
      onUpdate = action(reader);
    }
  }
}

/** Takes what follows FOREIGN KEY. `constraint`: the name before it. */
export function foreignKey(
  reader: DefinitionReader,
  constraint: string | undefined,
): { readonly key: ForeignKeyDefinition; readonly ifNotExists: boolean } {
  const ifNotExists = reader.ifNotExists();
  const index = reader.isSymbol('(') ? undefined : reader.name();
  const columns = columnNames(reader);
  reader.expect('REFERENCES');
  return { key: { name: constraint ?? index, columns, ...references(reader) }, ifNotExists };
}

function columnNames(reader: DefinitionReader): string[] {
  const names: string[] = [];
  reader.expectSymbol('(');
  do names.push(reader.columnName());
  while (reader.acceptSymbol(','));
  reader.expectSymbol(')');
  return names;
}

/** SET DEFAULT is refused by InnoDB, and so is no action. */
function action(reader: DefinitionReader): ReferentialAction {
  if (reader.accept('CASCADE')) return 'cascade';
  if (reader.accept('SET')) {
    if (reader.accept('NULL')) return 'setNull';
    reader.expect('DEFAULT');
    return 'restrict';
  }
  if (reader.accept('NO')) reader.expect('ACTION');
  else reader.expect('RESTRICT');
  return 'restrict';
}
