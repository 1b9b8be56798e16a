import type {
  ColumnDefinition,
  IndexDefinition,
  Partitioning,
  ReferentialAction,
  UnknownPartitioning,
} from '../../sql/index.ts';

/** A column as it stands in its table: character sets resolved, so that nothing depends on table or schema any more. */
export interface TableColumn
  extends Omit<ColumnDefinition, 'key' | 'references' | 'systemVersioning' | 'saysNull' | 'onUpdate'> {
  /** Undefined for types without characters. */
  readonly charset: string | undefined;
  /** As the source spells it, in lower case; undefined: not known, or a type without characters. */
  readonly collation?: string | undefined;
  /** One of those that MariaDB adds to a table WITH SYSTEM VERSIONING that names none for it. */
  readonly unnamed?: true;
}

/** A foreign key as it stands in its table. */
export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** The table that it refers to. `schema` undefined: that of its own table. */
  readonly parent: { readonly schema: string | undefined; readonly name: string };
  /** As many as `columns`. */
  readonly parentColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

/** How rows are spread over partitions, and how that is known. */
export interface KnownPartitioning extends Partitioning {
  /** When the source showed it, in seconds since 1970, where it was asked: the log has not told it. */
  readonly seenAt?: number;
}

export type TablePartitioning = KnownPartitioning | UnknownPartitioning;

/** A table as the source has it at one moment. Plain values: it is kept as JSON. */
export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly indexes: readonly IndexDefinition[];
  /** Undefined: not known. */
  readonly foreignKeys?: readonly ForeignKey[];
  /** Undefined: it has no partitions, or they are not known. */
  readonly partitioning?: TablePartitioning;
  /** Default for new columns. */
  readonly charset: string;
  /** Of new columns; undefined: not known. */
  readonly collation?: string | undefined;
  /**
   * Whether everything is known, defaults and secondary keys too. False for what was put together from the metadata of a log: enough for
   * rows, not for a row image that leaves columns out.
   */
  readonly isWhole: boolean;
  /** The target keeps a key of its own, which the source has not: GENERATE. */
  readonly generatedKey?: true;
}

/** The columns that tell one row from another: the primary key, else a unique key without NULLs; undefined: the whole row. */
export function keyOf(table: Table): readonly string[] | undefined {
  const usable = table.indexes.filter(
    ({ kind, parts, withoutOverlaps }) =>
      (kind === 'primary' || kind === 'unique') &&
      !withoutOverlaps &&
      parts.every(
        ({ column, prefix }) => column !== undefined && prefix === undefined && identifies(table, column),
      ),
  );
  const best = usable.find(({ kind }) => kind === 'primary') ?? usable[0];
  return best?.parts.map(({ column }) => column!);
}

/** Virtual columns hold nothing of their own, and MariaDB logs what they were before the row was complete: they are not kept. */
export const isKept = ({ generated }: Pick<TableColumn, 'generated'>): boolean => generated !== 'virtual';

/** Names of columns compare without regard to case. */
export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Asks an expression whether it may name a column: one of its words is the name, or all of it stands there where that is no word. */
export function mentionedIn(expression: string): (column: string) => boolean {
  const text = expression.toLowerCase();
  const words = new Set(text.split(NO_NAME));
  return (column) => {
    const name = column.toLowerCase();
    return words.has(name) || (NO_NAME.test(name) && text.includes(name.replaceAll('`', '``')));
  };
}

/** What stands between names that need no quotes. */
const NO_NAME = /[^\p{L}\p{N}_$]/u;

export function columnIndex(table: Pick<Table, 'columns'>, name: string): number {
  return table.columns.findIndex((column) => sameName(column.name, name));
}

/** Whether a column may be part of what tells rows apart. */
function identifies(table: Table, name: string): boolean {
  const column = table.columns[columnIndex(table, name)];
  return column !== undefined && !column.nullable && isKept(column);
}

const CHARACTER_TYPES: ReadonlySet<string> = new Set([
  'char',
  'varchar',
  'tinytext',
  'text',
  'mediumtext',
  'longtext',
  'enum',
  'set',
  'xmltype',
]);

export const hasCharset = (type: string): boolean => CHARACTER_TYPES.has(type);
