import { type Column, ColumnCode, type Flavor, type TableMap } from '../../binlog/index.ts';
import { collationId, collationName, encodeText } from '../../charset/index.ts';
import { plainType } from '../../sql/index.ts';
import { CatalogError } from './error.ts';
import { namedColumns, withoutHashes } from './hash-columns.ts';
import { hasCharset, type Table, type TableColumn } from './table.ts';

/** Column codes and the types of definitions that travel under them. */
const TYPES: Readonly<Record<number, readonly string[]>> = {
  [ColumnCode.TINY]: ['tinyint'],
  [ColumnCode.SHORT]: ['smallint'],
  [ColumnCode.INT24]: ['mediumint'],
  [ColumnCode.LONG]: ['int'],
  [ColumnCode.LONGLONG]: ['bigint'],
  [ColumnCode.NEWDECIMAL]: ['decimal'],
  [ColumnCode.FLOAT]: ['float'],
  [ColumnCode.DOUBLE]: ['double'],
  [ColumnCode.BIT]: ['bit'],
  [ColumnCode.YEAR]: ['year'],
  [ColumnCode.DATE]: ['date'],
  [ColumnCode.NEWDATE]: ['date'],
  [ColumnCode.TIME]: ['time'],
  [ColumnCode.TIME2]: ['time'],
  [ColumnCode.DATETIME]: ['datetime'],
  [ColumnCode.DATETIME2]: ['datetime'],
  [ColumnCode.TIMESTAMP]: ['timestamp'],
  [ColumnCode.TIMESTAMP2]: ['timestamp'],
  // MariaDB's vectors are byte strings.
  [ColumnCode.VARCHAR]: ['varchar', 'varbinary', 'vector'],
  [ColumnCode.VAR_STRING]: ['varchar', 'varbinary'],
  [ColumnCode.VARCHAR_COMPRESSED]: ['varchar', 'varbinary'],
  [ColumnCode.STRING]: ['char', 'binary', 'uuid', 'inet4', 'inet6'],
  [ColumnCode.ENUM]: ['enum'],
  [ColumnCode.SET]: ['set'],
  [ColumnCode.BLOB]: [
    'blob',
    'text',
    'tinyblob',
    'tinytext',
    'mediumblob',
    'mediumtext',
    'longblob',
    'longtext',
    'xmltype',
    'vector',
  ],
  [ColumnCode.BLOB_COMPRESSED]: [
    'blob',
    'text',
    'tinyblob',
    'tinytext',
    'mediumblob',
    'mediumtext',
    'longblob',
    'longtext',
  ],
  [ColumnCode.JSON]: ['json'],
  [ColumnCode.VECTOR]: ['vector'],
  [ColumnCode.GEOMETRY]: [
    'geometry',
    'point',
    'linestring',
    'polygon',
    'multipoint',
    'multilinestring',
    'multipolygon',
    'geomcollection',
  ],
};

/**
 * Holds the map of a rows event against the table known and tells its columns what the log leaves out: names, signs, character sets,
 * members.
 *
 * @throws CatalogError where they differ: the table has drifted
 */
export function describeColumns(map: TableMap, table: Table, flavor: 'mysql' | 'mariadb'): void {
  const columns = withoutHashes(map, table.columns.length);
  if (columns.length !== table.columns.length) {
    throw drift(table, `rows of ${columns.length} columns, a definition of ${table.columns.length}`);
  }
  columns.forEach((logged, index) => {
    const known = table.columns[index]!;
    const fits = TYPES[logged.realCode]?.includes(known.type.name) ?? true;
    if (!fits) throw drift(table, `column ${known.name} is ${known.type.name}, and its values are not`);
    if (logged.name !== undefined && logged.name !== known.name) {
      throw drift(
        table,
        `column ${index + 1} is ${logged.name} in the log and ${known.name} in the definition`,
      );
    }
    describe(logged, known, flavor);
  });
}

function describe(logged: Column, known: TableColumn, flavor: 'mysql' | 'mariadb'): void {
  logged.name = known.name;
  logged.unsigned ??= known.type.unsigned;
  if (known.type.values !== undefined) {
    // Members are names, also where they are compared by their bytes.
    const charset = known.charset === undefined || known.charset === 'binary' ? 'utf8mb4' : known.charset;
    logged.members ??= known.type.values.map((member) => encodeText(member, charset));
    if (known.charset === 'binary') logged.charset = charset;
  }
  if (known.charset === undefined) {
    if (logged.charset === undefined && !hasCharset(known.type.name)) logged.charset = 'binary';
    return;
  }
  if (logged.charset !== undefined) return;
  logged.charset = known.charset;
  const collation = collationId(`${known.charset}_bin`, flavor);
  if (collation !== undefined) logged.collation = collation;
}

function drift({ schema, name }: Table, what: string): CatalogError {
  return new CatalogError(`table ${schema}.${name} has drifted from the source: ${what}`, {
    context: { table: `${schema}.${name}` },
    hint: 'Load the table again, and replicate from the position of that copy.',
  });
}

/** Whether a log says enough of a table to make it: `binlog_row_metadata=FULL`. */
export const isDescribed = (map: TableMap): boolean => map.columns.every(({ name }) => name !== undefined);

/** A table made of what its log says of it. */
export function tableOfLog(map: TableMap, flavor: Flavor): Table {
  const key = map.columns
    .filter(({ primaryKeyPart }) => primaryKeyPart !== undefined)
    .sort((a, b) => a.primaryKeyPart! - b.primaryKeyPart!);
  return {
    schema: map.schema.toString(),
    name: map.table.toString(),
    columns: namedColumns(map).map((column) => columnOfLog(column, flavor)),
    indexes:
      key.length === 0
        ? []
        : [
            {
              kind: 'primary',
              name: undefined,
              parts: key.map(({ name, primaryKeyPrefix }) => ({
                column: name,
                prefix: primaryKeyPrefix === 0 ? undefined : primaryKeyPrefix,
                descending: false,
              })),
              withoutOverlaps: false,
            },
          ],
    charset: 'utf8mb4',
    isWhole: false,
  };
}

function columnOfLog(column: Column, flavor: Flavor): TableColumn {
  const names = TYPES[column.realCode] ?? ['blob'];
  const isText = column.charset !== undefined && column.charset !== 'binary';
  // Both forms of a type travel under one code; the character set tells them apart.
  const name = names.find((candidate) => hasCharset(candidate) === isText) ?? names[0]!;
  return {
    name: column.name!,
    type: plainType(name, {
      length: column.length === 0 ? undefined : column.length,
      decimals: column.realCode === ColumnCode.NEWDECIMAL ? column.meta & 0xff : undefined,
      unsigned: column.unsigned ?? false,
      values: column.members?.map((member) => member.toString()),
      charset: isText ? column.charset : undefined,
    }),
    nullable: column.nullable,
    default: undefined,
    autoIncrement: false,
    generated: undefined,
    invisible: column.visible === false,
    period: undefined,
    comment: '',
    charset: isText ? column.charset : undefined,
    collation: isText && column.collation !== undefined ? collationName(column.collation, flavor) : undefined,
  };
}
