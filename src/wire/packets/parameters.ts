import type { Cursor, Writer } from '../../bytes/index.ts';
import { type BinaryValue, readBinaryValue, writeBinaryValue } from './binary-value.ts';
import { utf8Lenenc, writeUtf8Lenenc } from './definition.ts';

/** A parameter of a prepared statement, or an attribute of a query. */
export interface Parameter {
  /** Empty where parameters have no names. */
  readonly name: string;
  /** A `ColumnType`. */
  readonly type: number;
  readonly unsigned: boolean;
  readonly value: BinaryValue;
}

/** What an earlier execution told about the parameters; the client need not repeat it. */
export type ParameterTypes = readonly Pick<Parameter, 'name' | 'type' | 'unsigned'>[];

const UNSIGNED = 0x80;

function readTypes(cursor: Cursor, count: number, named: boolean): ParameterTypes {
  const types: Pick<Parameter, 'name' | 'type' | 'unsigned'>[] = [];
  for (let i = 0; i < count; i += 1) {
    const type = cursor.u8();
    const unsigned = (cursor.u8() & UNSIGNED) !== 0;
    types.push({ type, unsigned, name: named ? utf8Lenenc(cursor) : '' });
  }
  return types;
}

/**
 * Parameters in the binary protocol.
 *
 *   bytes        field
 *   (n + 7) / 8  bitmap of NULLs, lowest bit first
 *   1            1: types follow
 *   n x (1, 1)   type, 80 for unsigned; behind it the packed name, with QUERY_ATTRIBUTES
 *   rest         values that are not NULL
 */
export const BinaryParameters = {
  /** Undefined when the packet brings no types and `known` has none either. `count` has met its limit. */
  read(
    cursor: Cursor,
    count: number,
    named: boolean,
    known?: ParameterTypes,
  ): readonly Parameter[] | undefined {
    const nulls = cursor.view((count + 7) >> 3);
    const types = cursor.u8() === 1 ? readTypes(cursor, count, named) : known;
    if (types === undefined || types.length < count) return undefined;
    return types.slice(0, count).map((type, i) => ({
      ...type,
      value: (nulls[i >> 3]! >> (i & 7)) & 1 ? null : readBinaryValue(cursor, type.type, type.unsigned),
    }));
  },
  write(parameters: readonly Parameter[], writer: Writer, named: boolean): void {
    const nulls = Buffer.alloc((parameters.length + 7) >> 3);
    for (const [i, { value }] of parameters.entries()) if (value === null) nulls[i >> 3]! |= 1 << (i & 7);
    writer.bytes(nulls);
    writer.u8(1);
    for (const { type, unsigned, name } of parameters) {
      writer.u8(type);
      writer.u8(unsigned ? UNSIGNED : 0);
      if (named) writeUtf8Lenenc(name, writer);
    }
    for (const { value, type } of parameters) if (value !== null) writeBinaryValue(value, type, writer);
  },
} as const;
