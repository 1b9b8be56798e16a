import { Writer } from '../bytes/index.ts';
import { type Column, ColumnCode } from './columns/index.ts';
import type { Flavor } from './server-version.ts';
import { isCharacterColumn, isNumericColumn, type MetadataField, MetadataType } from './table-metadata.ts';

const writer = new Writer(64);

/** The order in which each server writes its fields; what stands in one line is one or the other. */
const orders: Readonly<Record<Flavor, readonly Part[]>> = {
  mysql: [signedness, charset, geometry, vector, names, memberCharset, sets, enums, primaryKey, visibility],
  mariadb: [signedness, charset, geometry, names, memberCharset, sets, enums, primaryKey],
};

type Part = (columns: readonly Column[], flavor: Flavor) => MetadataField | undefined;

/** Optional metadata for what the columns say of themselves, as a server of that flavor would log it. */
export function encodeMetadata(columns: readonly Column[], flavor: Flavor): readonly MetadataField[] {
  return orders[flavor]
    .map((part) => part(columns, flavor))
    .filter((field): field is MetadataField => field !== undefined);
}

function field(type: number, write: () => void): MetadataField {
  writer.reset();
  write();
  return { type, value: writer.take() };
}

function writeBits(columns: readonly Column[], isSet: (column: Column) => boolean): void {
  const bits = new Uint8Array((columns.length + 7) >> 3);
  columns.forEach((column, index) => {
    if (isSet(column)) bits[index >> 3]! |= 0x80 >> (index & 7);
  });
  writer.bytes(bits);
}

function signedness(columns: readonly Column[]): MetadataField | undefined {
  const numeric = columns.filter(isNumericColumn);
  if (!numeric.some(({ unsigned }) => unsigned !== undefined)) return undefined;
  return field(MetadataType.SIGNEDNESS, () => writeBits(numeric, ({ unsigned }) => unsigned === true));
}

/** Collations in the shorter of the two forms, as the servers choose it. */
function collations(
  columns: readonly Column[],
  defaultType: number,
  columnType: number,
): MetadataField | undefined {
  if (!columns.some(({ collation }) => collation !== undefined)) return undefined;
  const counts = new Map<number, number>();
  for (const { collation = 0 } of columns) counts.set(collation, (counts.get(collation) ?? 0) + 1);
  // Of equally frequent collations the lowest is the default: the servers count in a map sorted by collation.
  const sorted = [...counts].sort(([a], [b]) => a - b);
  let [most, mostCount] = [0, 0];
  for (const [collation, count] of sorted) if (count > mostCount) [most, mostCount] = [collation, count];
  if (columns.length < 1 + 2 * (columns.length - mostCount)) {
    return field(columnType, () => {
      for (const { collation = 0 } of columns) writer.lenenc(collation);
    });
  }
  return field(defaultType, () => {
    writer.lenenc(most);
    columns.forEach(({ collation = 0 }, index) => {
      if (collation === most) return;
      writer.lenenc(index);
      writer.lenenc(collation);
    });
  });
}

function charset(columns: readonly Column[], flavor: Flavor): MetadataField | undefined {
  const character = columns.filter((column) => isCharacterColumn(column, flavor));
  return collations(character, MetadataType.DEFAULT_CHARSET, MetadataType.COLUMN_CHARSET);
}

function memberCharset(columns: readonly Column[]): MetadataField | undefined {
  return collations(
    columns.filter(({ realCode }) => realCode === ColumnCode.ENUM || realCode === ColumnCode.SET),
    MetadataType.ENUM_AND_SET_DEFAULT_CHARSET,
    MetadataType.ENUM_AND_SET_COLUMN_CHARSET,
  );
}

function names(columns: readonly Column[]): MetadataField | undefined {
  if (!columns.some(({ name }) => name !== undefined)) return undefined;
  return field(MetadataType.COLUMN_NAME, () => {
    for (const { name = '' } of columns) {
      writer.lenenc(Buffer.byteLength(name));
      writer.utf8(name);
    }
  });
}

function members(columns: readonly Column[], code: number, type: number): MetadataField | undefined {
  const listed = columns.filter((column) => column.realCode === code && column.members !== undefined);
  if (listed.length === 0) return undefined;
  return field(type, () => {
    for (const { members: all = [] } of listed) {
      writer.lenenc(all.length);
      for (const member of all) {
        writer.lenenc(member.length);
        writer.bytes(member);
      }
    }
  });
}

function sets(columns: readonly Column[]): MetadataField | undefined {
  return members(columns, ColumnCode.SET, MetadataType.SET_STR_VALUE);
}

function enums(columns: readonly Column[]): MetadataField | undefined {
  return members(columns, ColumnCode.ENUM, MetadataType.ENUM_STR_VALUE);
}

function geometry(columns: readonly Column[]): MetadataField | undefined {
  const listed = columns.filter(({ geometryType }) => geometryType !== undefined);
  if (listed.length === 0) return undefined;
  return field(MetadataType.GEOMETRY_TYPE, () => {
    for (const { geometryType = 0 } of listed) writer.lenenc(geometryType);
  });
}

function vector(columns: readonly Column[]): MetadataField | undefined {
  const listed = columns.filter(({ vectorDimension }) => vectorDimension !== undefined);
  if (listed.length === 0) return undefined;
  return field(MetadataType.VECTOR_DIMENSIONALITY, () => {
    for (const { vectorDimension = 0 } of listed) writer.lenenc(vectorDimension);
  });
}

function primaryKey(columns: readonly Column[]): MetadataField | undefined {
  const parts = columns.filter(({ primaryKeyPart }) => primaryKeyPart !== undefined);
  if (parts.length === 0) return undefined;
  parts.sort((a, b) => a.primaryKeyPart! - b.primaryKeyPart!);
  const withPrefix = parts.some(({ primaryKeyPrefix }) => primaryKeyPrefix > 0);
  return field(withPrefix ? MetadataType.PRIMARY_KEY_WITH_PREFIX : MetadataType.SIMPLE_PRIMARY_KEY, () => {
    for (const { index, primaryKeyPrefix } of parts) {
      writer.lenenc(index);
      if (withPrefix) writer.lenenc(primaryKeyPrefix);
    }
  });
}

function visibility(columns: readonly Column[]): MetadataField | undefined {
  if (!columns.some(({ visible }) => visible !== undefined)) return undefined;
  return field(MetadataType.COLUMN_VISIBILITY, () => writeBits(columns, ({ visible }) => visible === true));
}
