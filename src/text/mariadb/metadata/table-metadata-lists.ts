import { MetadataType, type TableMap } from '../../../binlog/index.ts';
import { Cursor } from '../../../bytes/index.ts';

/** Collations of one kind of column, in the table's order. */
type NextCollation = () => number | undefined;

interface PrimaryKeyPart {
  readonly index: number;
  /** In characters; 0 for the whole column. */
  readonly prefix: number;
}

/**
 * A table map's optional metadata as lists, each of which speaks of some columns in the table's order. What belongs to which column
 * is up to whoever walks the columns: the original takes the next of a list, right or wrong.
 */
export interface MetadataLists {
  readonly unsigned: readonly boolean[];
  readonly textCollation: NextCollation;
  readonly memberCollation: NextCollation;
  readonly names: readonly Buffer[];
  readonly enumMembers: readonly (readonly Buffer[])[];
  readonly setMembers: readonly (readonly Buffer[])[];
  readonly geometryTypes: readonly number[];
  readonly primaryKey: readonly PrimaryKeyPart[];
}

function list<Item>(value: Buffer | undefined, read: (cursor: Cursor) => Item): Item[] {
  const items: Item[] = [];
  if (value === undefined) return items;
  for (const cursor = new Cursor(value); cursor.remaining > 0; ) items.push(read(cursor));
  return items;
}

const readNumber = (cursor: Cursor): number => cursor.lenenc();
const readName = (cursor: Cursor): Buffer => cursor.copy(cursor.lenenc());
function readMembers(cursor: Cursor): Buffer[] {
  const members: Buffer[] = [];
  for (let left = cursor.lenenc(); left > 0; left -= 1) members.push(readName(cursor));
  return members;
}
const readPair = (cursor: Cursor): readonly [number, number] => [cursor.lenenc(), cursor.lenenc()];

function bits(value: Buffer | undefined): boolean[] {
  return [...(value ?? [])].flatMap((byte) =>
    Array.from({ length: 8 }, (_, bit) => (byte & (0x80 >> bit)) !== 0),
  );
}

/** A default with exceptions by index among the columns of that kind, or a list; neither where nothing was logged. */
function collations(byDefault: Buffer | undefined, each: Buffer | undefined): NextCollation {
  let index = -1;
  const cursor = new Cursor(byDefault ?? Buffer.alloc(0));
  const usual = cursor.remaining > 0 ? cursor.lenenc() : 0;
  if (usual === 0) {
    const all = list(each, readNumber);
    return () => all[(index += 1)];
  }
  const exceptions = new Map(list(byDefault!.subarray(cursor.position), readPair));
  return () => exceptions.get((index += 1)) ?? usual;
}

export function metadataLists({ metadata }: TableMap): MetadataLists {
  const valueOf = (type: number): Buffer | undefined => metadata.find((field) => field.type === type)?.value;
  const simpleKey = list(valueOf(MetadataType.SIMPLE_PRIMARY_KEY), readNumber);
  const prefixKey = list(valueOf(MetadataType.PRIMARY_KEY_WITH_PREFIX), readPair);
  return {
    unsigned: bits(valueOf(MetadataType.SIGNEDNESS)),
    textCollation: collations(valueOf(MetadataType.DEFAULT_CHARSET), valueOf(MetadataType.COLUMN_CHARSET)),
    memberCollation: collations(
      valueOf(MetadataType.ENUM_AND_SET_DEFAULT_CHARSET),
      valueOf(MetadataType.ENUM_AND_SET_COLUMN_CHARSET),
    ),
    names: list(valueOf(MetadataType.COLUMN_NAME), readName),
    enumMembers: list(valueOf(MetadataType.ENUM_STR_VALUE), readMembers),
    setMembers: list(valueOf(MetadataType.SET_STR_VALUE), readMembers),
    geometryTypes: list(valueOf(MetadataType.GEOMETRY_TYPE), readNumber),
    primaryKey: [
      ...simpleKey.map((index) => ({ index, prefix: 0 })),
      ...prefixKey.map(([index, prefix]) => ({ index, prefix })),
    ],
  };
}
