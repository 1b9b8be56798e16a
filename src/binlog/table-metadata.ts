import { Cursor } from '../bytes/index.ts';
import { charsetOfCollation } from '../charset/index.ts';
import { FormatError } from '../errors/index.ts';
import { type Column, ColumnCode } from './columns/index.ts';
import type { Flavor } from './server-version.ts';

/** One field of a table map's optional metadata, as logged. */
export interface MetadataField {
  readonly type: number;
  readonly value: Buffer;
}

/** Types of optional metadata (MySQL `Table_map_event::Optional_metadata_field_type`). */
export const MetadataType = {
  /** A bit a numeric column, first column highest: 1 is unsigned. */
  SIGNEDNESS: 1,
  /** A collation for all character columns, then pairs of index and collation for the exceptions. */
  DEFAULT_CHARSET: 2,
  /** A collation a character column. */
  COLUMN_CHARSET: 3,
  COLUMN_NAME: 4,
  SET_STR_VALUE: 5,
  ENUM_STR_VALUE: 6,
  GEOMETRY_TYPE: 7,
  /** Indexes of the primary key's columns. */
  SIMPLE_PRIMARY_KEY: 8,
  /** Pairs of index and prefix length in characters, 0 for the whole column. */
  PRIMARY_KEY_WITH_PREFIX: 9,
  ENUM_AND_SET_DEFAULT_CHARSET: 10,
  ENUM_AND_SET_COLUMN_CHARSET: 11,
  /** A bit a column, first column highest: 1 is visible. */
  COLUMN_VISIBILITY: 12,
  VECTOR_DIMENSIONALITY: 13,
} as const;

const numericCodes: ReadonlySet<number> = new Set([
  ColumnCode.TINY,
  ColumnCode.SHORT,
  ColumnCode.INT24,
  ColumnCode.LONG,
  ColumnCode.LONGLONG,
  ColumnCode.NEWDECIMAL,
  ColumnCode.FLOAT,
  ColumnCode.DOUBLE,
  ColumnCode.YEAR,
]);

/** The servers disagree on what is a character column: to MySQL a VECTOR, to MariaDB a GEOMETRY and the compressed types. */
const characterCodes: Readonly<Record<Flavor, ReadonlySet<number>>> = {
  mysql: new Set([
    ColumnCode.STRING,
    ColumnCode.VAR_STRING,
    ColumnCode.VARCHAR,
    ColumnCode.BLOB,
    ColumnCode.VECTOR,
  ]),
  mariadb: new Set([
    ColumnCode.STRING,
    ColumnCode.VAR_STRING,
    ColumnCode.VARCHAR,
    ColumnCode.BLOB,
    ColumnCode.GEOMETRY,
    ColumnCode.BLOB_COMPRESSED,
    ColumnCode.VARCHAR_COMPRESSED,
  ]),
};

export function isNumericColumn(column: Column): boolean {
  return numericCodes.has(column.code);
}

/** Whether the metadata lists a collation for the column among the character columns. */
export function isCharacterColumn(column: Column, flavor: Flavor): boolean {
  return characterCodes[flavor].has(column.realCode);
}

/** The columns a field speaks of, in the table's order. */
function covered(columns: readonly Column[], type: number, flavor: Flavor): readonly Column[] {
  switch (type) {
    case MetadataType.SIGNEDNESS:
      return columns.filter(isNumericColumn);
    case MetadataType.DEFAULT_CHARSET:
    case MetadataType.COLUMN_CHARSET:
      return columns.filter((column) => isCharacterColumn(column, flavor));
    case MetadataType.SET_STR_VALUE:
      return columns.filter(({ realCode }) => realCode === ColumnCode.SET);
    case MetadataType.ENUM_STR_VALUE:
      return columns.filter(({ realCode }) => realCode === ColumnCode.ENUM);
    case MetadataType.ENUM_AND_SET_DEFAULT_CHARSET:
    case MetadataType.ENUM_AND_SET_COLUMN_CHARSET:
      return columns.filter(({ realCode }) => realCode === ColumnCode.ENUM || realCode === ColumnCode.SET);
    case MetadataType.GEOMETRY_TYPE:
      return columns.filter(({ code }) => code === ColumnCode.GEOMETRY);
    case MetadataType.VECTOR_DIMENSIONALITY:
      return columns.filter(({ code }) => code === ColumnCode.VECTOR);
    default:
      return columns;
  }
}

function columnAt(columns: readonly Column[], index: number): Column {
  const column = columns[index];
  if (column === undefined)
    throw new FormatError(`table metadata names column ${index} of ${columns.length}`);
  return column;
}

function readDefaultCharset(cursor: Cursor, columns: readonly Column[]): void {
  const collation = cursor.lenenc();
  for (const column of columns) column.collation = collation;
  while (cursor.remaining > 0) columnAt(columns, cursor.lenenc()).collation = cursor.lenenc();
}

function readEach(set: (column: Column, cursor: Cursor) => void) {
  return (cursor: Cursor, columns: readonly Column[]): void => {
    for (const column of columns) {
      if (cursor.remaining === 0) return;
      set(column, cursor);
    }
  };
}

function readBits(set: (column: Column, bit: boolean) => void) {
  return (cursor: Cursor, columns: readonly Column[]): void => {
    const bits = cursor.view((columns.length + 7) >> 3);
    columns.forEach((column, index) => set(column, (bits[index >> 3]! & (0x80 >> (index & 7))) !== 0));
  };
}

const readCollations = readEach((column, cursor) => {
  column.collation = cursor.lenenc();
});

const readMembers = readEach((column, cursor) => {
  const members: Buffer[] = [];
  for (let left = cursor.lenenc(); left > 0; left -= 1) members.push(cursor.copy(cursor.lenenc()));
  column.members = members;
});

function readPrimaryKey(withPrefix: boolean) {
  return (cursor: Cursor, columns: readonly Column[]): void => {
    for (let part = 0; cursor.remaining > 0; part += 1) {
      const column = columnAt(columns, cursor.lenenc());
      column.primaryKeyPart = part;
      column.primaryKeyPrefix = withPrefix ? cursor.lenenc() : 0;
    }
  };
}

const readers: Readonly<Record<number, (cursor: Cursor, columns: readonly Column[]) => void>> = {
  [MetadataType.SIGNEDNESS]: readBits((column, bit) => {
    column.unsigned = bit;
  }),
  [MetadataType.DEFAULT_CHARSET]: readDefaultCharset,
  [MetadataType.COLUMN_CHARSET]: readCollations,
  [MetadataType.COLUMN_NAME]: readEach((column, cursor) => {
    column.name = cursor.utf8(cursor.lenenc());
  }),
  [MetadataType.SET_STR_VALUE]: readMembers,
  [MetadataType.ENUM_STR_VALUE]: readMembers,
  [MetadataType.GEOMETRY_TYPE]: readEach((column, cursor) => {
    column.geometryType = cursor.lenenc();
  }),
  [MetadataType.SIMPLE_PRIMARY_KEY]: readPrimaryKey(false),
  [MetadataType.PRIMARY_KEY_WITH_PREFIX]: readPrimaryKey(true),
  [MetadataType.ENUM_AND_SET_DEFAULT_CHARSET]: readDefaultCharset,
  [MetadataType.ENUM_AND_SET_COLUMN_CHARSET]: readCollations,
  [MetadataType.COLUMN_VISIBILITY]: readBits((column, bit) => {
    column.visible = bit;
  }),
  [MetadataType.VECTOR_DIMENSIONALITY]: readEach((column, cursor) => {
    column.vectorDimension = cursor.lenenc();
  }),
};

/** Looked up once a collation: table maps come by the thousand. */
const charsets: Readonly<Record<Flavor, Map<number, string | undefined>>> = {
  mysql: new Map(),
  mariadb: new Map(),
};

function charsetOf(collation: number, flavor: Flavor): string | undefined {
  const known = charsets[flavor];
  if (!known.has(collation)) {
    // Collation ids come from the log: a map of every id ever named would be the writer's to grow.
    const charset = charsetOfCollation(collation, flavor)?.name;
    if (charset === undefined) return undefined;
    known.set(collation, charset);
  }
  return known.get(collation);
}

const fieldCursor = new Cursor();

/** Spreads the optional metadata over the columns it describes. Unknown fields are passed over, as the servers do. */
export function applyMetadata(
  columns: readonly Column[],
  fields: readonly MetadataField[],
  flavor: Flavor,
): void {
  for (const { type, value } of fields) {
    const read = readers[type];
    if (read !== undefined) {
      read(fieldCursor.aim(value, 0, value.length), covered(columns, type, flavor));
    }
  }
  for (const column of columns) {
    if (column.collation !== undefined) column.charset = charsetOf(column.collation, flavor);
  }
}
