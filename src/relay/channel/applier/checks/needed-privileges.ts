import type {
  ForeignKeyReference,
  QualifiedName,
  Statement,
  StatementKind,
  TableChange,
  TableStatement,
} from '../../../../sql/index.ts';
import type { TablePrivilege } from '../../../streams.ts';

/** What the account of a channel needs on a table, in the order in which the servers name it. */
export interface NeededPrivileges {
  readonly name: QualifiedName;
  readonly privileges: readonly TablePrivilege[];
  /** Whether the servers name the schema of the table in their refusal. */
  readonly namesSchema?: boolean;
}

/** What definitions need on each table they name, where nothing else of them counts. */
const ofKind: Partial<Record<StatementKind, readonly TablePrivilege[]>> = {
  dropTable: ['DROP'],
  truncate: ['DROP'],
  createIndex: ['INDEX'],
  dropIndex: ['INDEX'],
  createView: ['CREATE VIEW'],
  alterView: ['DROP', 'CREATE VIEW'],
  dropView: ['DROP'],
  createSequence: ['CREATE'],
  dropSequence: ['DROP'],
  maintenance: ['SELECT', 'INSERT'],
};

const OLD_NAME: readonly TablePrivilege[] = ['DROP', 'ALTER'];
const NEW_NAME: readonly TablePrivilege[] = ['INSERT', 'CREATE'];
/** A partition and a table take each other's place. */
const EXCHANGED: readonly TablePrivilege[] = ['INSERT', 'CREATE', 'DROP', 'ALTER'];

/** The privileges that a definition needs: on its own table, on others that it takes to or from, and on the parents of foreign keys. */
export function neededPrivileges(
  { kind, tables }: Statement,
  definition: TableStatement,
): readonly NeededPrivileges[] {
  const named = ofKind[kind];
  if (named !== undefined)
    return tables.map(({ schema, table }) => ({ name: { schema, name: table }, privileges: named }));
  switch (definition.kind) {
    case 'createTable':
      return forNewTable(definition);
    case 'alterTable':
      return [
        { name: definition.table, privileges: forChanged(definition.changes) },
        ...definition.changes.flatMap(forOthers),
      ];
    case 'renameTables':
      return definition.pairs.flatMap(({ from, to }) => [
        { name: from, privileges: OLD_NAME },
        { name: to, privileges: NEW_NAME },
      ]);
    default:
      return [];
  }
}

function forNewTable(definition: Extract<TableStatement, { kind: 'createTable' }>): NeededPrivileges[] {
  const { table, orReplace, like, foreignKeys, columns } = definition;
  const inline = columns.flatMap(({ references }) => (references === undefined ? [] : [references]));
  return [
    { name: table, privileges: orReplace ? ['CREATE', 'DROP'] : ['CREATE'] },
    ...(like === undefined ? [] : [{ name: like, privileges: ['SELECT'] } as const]),
    ...[...foreignKeys, ...inline].map(forParent),
  ];
}

const forParent = ({ parent }: ForeignKeyReference): NeededPrivileges => ({
  name: parent,
  privileges: ['REFERENCES'],
  namesSchema: true,
});

/** On the table that is altered. */
function forChanged(changes: readonly TableChange[]): readonly TablePrivilege[] {
  if (changes.some((change) => change.kind === 'partitionRows' && change.other !== undefined))
    return EXCHANGED;
  const leaves = changes.some(({ kind }) => kind === 'renameTable' || kind === 'partitionRows');
  return leaves ? OLD_NAME : ['ALTER'];
}

function forOthers(change: TableChange): NeededPrivileges[] {
  switch (change.kind) {
    case 'renameTable':
      return [{ name: change.to, privileges: NEW_NAME }];
    case 'partitionRows':
      return change.other === undefined ? [] : [{ name: change.other, privileges: EXCHANGED }];
    case 'addForeignKey':
      return [forParent(change.key)];
    case 'addColumn':
    case 'changeColumn':
      return change.column.references === undefined ? [] : [forParent(change.column.references)];
    default:
      return [];
  }
}
