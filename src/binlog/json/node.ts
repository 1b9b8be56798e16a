/** First byte of a binary JSON value (MySQL `json_binary.cc`, JSONB_TYPE_*). */
export const JsonType = {
  SMALL_OBJECT: 0,
  LARGE_OBJECT: 1,
  SMALL_ARRAY: 2,
  LARGE_ARRAY: 3,
  LITERAL: 4,
  INT16: 5,
  UINT16: 6,
  INT32: 7,
  UINT32: 8,
  INT64: 9,
  UINT64: 10,
  DOUBLE: 11,
  STRING: 12,
  OPAQUE: 15,
} as const;

/** Second byte of a LITERAL. */
export const JsonLiteral = { NULL: 0, TRUE: 1, FALSE: 2 } as const;

/**
 * A JSON value as MySQL tells them apart, which is finer than JSON text does: integers have a sign, a double is no integer,
 * and SQL values that JSON lacks (DECIMAL, dates, bytes) are opaque. A JavaScript number is a double.
 */
export type JsonNode =
  | null
  | boolean
  | number
  | string
  | JsonInteger
  | JsonOpaque
  | readonly JsonNode[]
  | JsonObject;

/** An integer of a JSON document, with or without a sign. */
export class JsonInteger {
  /** A bigint from 64-bit storage, a number from any smaller. */
  readonly value: number | bigint;
  readonly unsigned: boolean;

  constructor(value: number | bigint, unsigned: boolean) {
    this.value = value;
    this.unsigned = unsigned;
  }
}

/** An SQL value inside a document: its column type code and bytes. */
export class JsonOpaque {
  readonly type: number;
  readonly bytes: Buffer;

  constructor(type: number, bytes: Buffer) {
    this.type = type;
    this.bytes = bytes;
  }
}

/** An object of a JSON document: its members in the order of the server, which a JavaScript object would not keep. */
export class JsonObject {
  /** Sorted by the bytes' length, then the bytes, as MySQL keeps them. */
  readonly entries: readonly (readonly [key: string, value: JsonNode])[];

  constructor(entries: readonly (readonly [key: string, value: JsonNode])[]) {
    this.entries = entries;
  }
}
