import { ColumnCode, MetadataType } from '../../binlog/index.ts';
import { Cursor } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';

/** Collations of the columns that have one, in their order: one each, or one for all and exceptions. */
export class CharsetList {
  readonly #each: readonly number[] | undefined;
  readonly #default: number;
  readonly #exceptions: (readonly [index: number, collation: number])[];
  #index = 0;

  private constructor(
    each: readonly number[] | undefined,
    otherwise: number,
    exceptions: (readonly [number, number])[],
  ) {
    this.#each = each;
    this.#default = otherwise;
    this.#exceptions = exceptions;
  }

  static ofEach(each: readonly number[]): CharsetList {
    return new CharsetList(each, 0, []);
  }

  /** The exceptions count only in the order of their columns. */
  static ofDefault(otherwise: number, exceptions: (readonly [number, number])[]): CharsetList {
    return new CharsetList(undefined, otherwise, exceptions);
  }

  next(): number | undefined {
    const index = this.#index;
    this.#index += 1;
    if (this.#each !== undefined) return this.#each[index];
    const [exception] = this.#exceptions;
    if (exception === undefined || exception[0] !== index) return this.#default;
    this.#exceptions.shift();
    return exception[1];
  }
}

export interface KeyPart {
  readonly column: number;
  /** Characters; 0 is all of it. */
  readonly prefix: number;
}

/** Counts travel as 64-bit numbers and are kept in 32. */
function count(cursor: Cursor): number {
  const first = cursor.u8();
  if (first < 251) return first;
  if (first === 251) return 0xffff_ffff;
  if (first === 252) return cursor.u16();
  if (first === 253) return cursor.u24();
  return Number(cursor.u64() & 0xffff_ffffn);
}

/**
 * The optional metadata of a table map, read as the original reads it: up to the first byte that is missing, each field for as long as
 * it says, one that is not known without its value passed over. What came before stays.
 */
export class OptionalMetadata {
  readonly unsigned: boolean[] = [];
  readonly geometryTypes: number[] = [];
  readonly vectorDimensions: number[] = [];
  readonly primaryKey: KeyPart[] = [];
  names: Buffer[] | undefined;
  visible: boolean[] | undefined;
  readonly #enumMembers: Buffer[][] = [];
  readonly #setMembers: Buffer[][] = [];
  readonly #each: Record<'text' | 'named', number[]> = { text: [], named: [] };
  readonly #default: Record<'text' | 'named', { id: number; exceptions: (readonly [number, number])[] }> = {
    text: { id: 0, exceptions: [] },
    named: { id: 0, exceptions: [] },
  };

  constructor(bytes: Buffer) {
    const cursor = new Cursor(bytes);
    try {
      while (cursor.remaining > 0) {
        const type = cursor.u8();
        this.#field(type, cursor, count(cursor));
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }

  get charsets(): CharsetList | undefined {
    return (this.#charsetsOfText ??= this.#list('text'));
  }

  get namedCharsets(): CharsetList | undefined {
    return (this.#charsetsOfNamed ??= this.#list('named'));
  }

  #charsetsOfText: CharsetList | undefined;
  #charsetsOfNamed: CharsetList | undefined;

  /** Lists of the members of each ENUM, or of each SET. */
  members(type: number): Buffer[][] {
    return type === ColumnCode.ENUM ? this.#enumMembers : this.#setMembers;
  }

  #list(kind: 'text' | 'named'): CharsetList | undefined {
    const { id, exceptions } = this.#default[kind];
    if (id !== 0) return CharsetList.ofDefault(id, exceptions);
    const each = this.#each[kind];
    return each.length > 0 ? CharsetList.ofEach(each) : undefined;
  }

  #field(type: number, cursor: Cursor, length: number): void {
    const end = cursor.position + length;
    const each = (read: () => void): void => {
      while (cursor.position < end) read();
    };
    const bits = (into: boolean[]): void =>
      each(() => {
        const byte = cursor.u8();
        for (let bit = 0x80; bit !== 0; bit >>= 1) into.push((byte & bit) !== 0);
      });
    switch (type) {
      case MetadataType.SIGNEDNESS:
        return bits(this.unsigned);
      case MetadataType.COLUMN_VISIBILITY:
        return bits((this.visible ??= []));
      case MetadataType.DEFAULT_CHARSET:
        return this.#readDefault('text', cursor, each);
      case MetadataType.ENUM_AND_SET_DEFAULT_CHARSET:
        return this.#readDefault('named', cursor, each);
      case MetadataType.COLUMN_CHARSET:
        return each(() => this.#each.text.push(count(cursor)));
      case MetadataType.ENUM_AND_SET_COLUMN_CHARSET:
        return each(() => this.#each.named.push(count(cursor)));
      case MetadataType.COLUMN_NAME:
        return each(() => (this.names ??= []).push(cursor.copy(count(cursor))));
      case MetadataType.SET_STR_VALUE:
        return each(() => readMembers(this.#setMembers, cursor));
      case MetadataType.ENUM_STR_VALUE:
        return each(() => readMembers(this.#enumMembers, cursor));
      case MetadataType.GEOMETRY_TYPE:
        return each(() => this.geometryTypes.push(count(cursor)));
      case MetadataType.VECTOR_DIMENSIONALITY:
        return each(() => this.vectorDimensions.push(count(cursor)));
      case MetadataType.SIMPLE_PRIMARY_KEY:
        return each(() => this.#readKeyPart(cursor));
      case MetadataType.PRIMARY_KEY_WITH_PREFIX:
        return each(() => this.primaryKey.push({ column: count(cursor), prefix: count(cursor) }));
      default:
        return undefined;
    }
  }

  /** A number that is cut off is a part as well, the first column. */
  #readKeyPart(cursor: Cursor): void {
    const part = { column: 0, prefix: 0 };
    this.primaryKey.push(part);
    part.column = count(cursor);
  }

  #readDefault(kind: 'text' | 'named', cursor: Cursor, each: (read: () => void) => void): void {
    const into = this.#default[kind];
    into.id = count(cursor);
    each(() => into.exceptions.push([count(cursor), count(cursor)]));
  }
}

function readMembers(lists: Buffer[][], cursor: Cursor): void {
  const members: Buffer[] = [];
  const total = count(cursor);
  lists.push(members);
  for (let index = 0; index < total; index += 1) members.push(cursor.copy(count(cursor)));
}
