import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** Values that the statement after them used: the generated id, the random seeds, a user variable. */

/** `Intvar_event`: which of the two a value is for. */
export const IntvarKind = { LAST_INSERT_ID: 1, INSERT_ID: 2 } as const;

/**
 *   bytes  field
 *   1      1 LAST_INSERT_ID, 2 INSERT_ID
 *   8      value
 */
export interface Intvar {
  readonly kind: 'intvar';
  readonly variable: number;
  readonly value: bigint;
}

export const intvar: EventDefinition<Intvar> = {
  kind: 'intvar',
  codes: [EventType.INTVAR_EVENT],
  postHeaderLength: 0,
  decode: (cursor) => ({ kind: 'intvar', variable: cursor.u8(), value: cursor.u64() }),
  encode(body, writer) {
    writer.u8(body.variable);
    writer.u64(body.value);
  },
};

/** Two 8-byte seeds of RAND(). */
export interface Rand {
  readonly kind: 'rand';
  readonly seed1: bigint;
  readonly seed2: bigint;
}

export const rand: EventDefinition<Rand> = {
  kind: 'rand',
  codes: [EventType.RAND_EVENT],
  postHeaderLength: 0,
  decode: (cursor) => ({ kind: 'rand', seed1: cursor.u64(), seed2: cursor.u64() }),
  encode(body, writer) {
    writer.u64(body.seed1);
    writer.u64(body.seed2);
  },
};

/** `Item_result`: how the value of a user variable is written. */
export const UserVarType = { STRING: 0, REAL: 1, INT: 2, ROW: 3, DECIMAL: 4 } as const;

/**
 *   bytes  field
 *   4      length of the name, then the name
 *   1      1 if NULL; then nothing follows
 *   1      type, see {@link UserVarType}
 *   4      collation id
 *   4      length of the value, then the value: text; 8-byte double; 8-byte integer; precision, scale and packed decimal
 *   1      flags, 1 = unsigned; missing in old logs
 */
export interface UserVar {
  readonly kind: 'userVar';
  readonly name: Buffer;
  /** Undefined for NULL. */
  readonly value: UserVarValue | undefined;
  /** MySQL leaves bytes behind a NULL's mark in some versions; carried so that the event can be written back. */
  readonly rest: Buffer;
}

export interface UserVarValue {
  readonly type: number;
  readonly collation: number;
  readonly bytes: Buffer;
  readonly flags: number | undefined;
}

const valueTypes: ReadonlySet<number> = new Set([
  UserVarType.STRING,
  UserVarType.REAL,
  UserVarType.INT,
  UserVarType.DECIMAL,
]);

export const userVar: EventDefinition<UserVar> = {
  kind: 'userVar',
  codes: [EventType.USER_VAR_EVENT],
  postHeaderLength: 0,
  decode(cursor) {
    const name = cursor.view(cursor.u32());
    if (name.length === 0) throw new FormatError('a user variable without a name');
    if (cursor.u8() !== 0)
      return { kind: 'userVar', name, value: undefined, rest: cursor.view(cursor.remaining) };
    const type = cursor.u8();
    if (!valueTypes.has(type)) throw new FormatError(`a user variable of type ${type}`);
    const collation = cursor.u32();
    const bytes = cursor.view(cursor.u32());
    const flags = cursor.remaining > 0 ? cursor.u8() : undefined;
    return {
      kind: 'userVar',
      name,
      value: { type, collation, bytes, flags },
      rest: cursor.view(cursor.remaining),
    };
  },
  encode(body, writer) {
    writer.u32(body.name.length);
    writer.bytes(body.name);
    writer.u8(body.value === undefined ? 1 : 0);
    if (body.value !== undefined) {
      const { type, collation, bytes, flags } = body.value;
      writer.u8(type);
      writer.u32(collation);
      writer.u32(bytes.length);
      writer.bytes(bytes);
      if (flags !== undefined) writer.u8(flags);
    }
    writer.bytes(body.rest);
  },
};
