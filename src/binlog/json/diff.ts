import type { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';
import { JsonDocument } from './document.ts';

const operations = ['replace', 'insert', 'remove'] as const;

/** One step of a partial JSON update. */
export interface JsonDiff {
  readonly operation: (typeof operations)[number];
  /** JSON path, `$.a[1]`. */
  readonly path: string;
  /** Undefined for `remove`. */
  readonly value: JsonDocument | undefined;
}

/**
 * Reads what a JSON column of a partial after image holds (MySQL 8.0.3, `binlog_row_value_options=PARTIAL_JSON`):
 *
 *   bytes   field
 *   4       bytes of the diffs; 0 leaves the document as it is
 *   diffs   operation 1 (0 replace, 1 insert, 2 remove), lenenc length and path, then, unless removed, the same of a document
 */
export function readJsonDiffs(cursor: Cursor): readonly JsonDiff[] {
  const length = cursor.u32();
  const outerEnd = cursor.end;
  const end = cursor.position + length;
  cursor.skip(length);
  cursor.position -= length;
  cursor.end = end;
  const diffs: JsonDiff[] = [];
  while (cursor.remaining > 0) {
    const code = cursor.u8();
    const operation = operations[code];
    if (operation === undefined) throw new FormatError(`JSON diff operation ${code} is unknown`);
    const path = cursor.utf8(cursor.lenenc());
    const value = operation === 'remove' ? undefined : new JsonDocument(cursor.copy(cursor.lenenc()));
    diffs.push({ operation, path, value });
  }
  cursor.end = outerEnd;
  return diffs;
}

export function skipJsonDiffs(cursor: Cursor): void {
  cursor.skip(cursor.u32());
}

export function writeJsonDiffs(writer: Writer, diffs: readonly JsonDiff[]): void {
  const start = writer.length;
  writer.u32(0);
  for (const { operation, path, value } of diffs) {
    writer.u8(operations.indexOf(operation));
    writer.lenenc(Buffer.byteLength(path));
    writer.utf8(path);
    if (value === undefined) continue;
    writer.lenenc(value.bytes.length);
    writer.bytes(value.bytes);
  }
  writer.patchU32(start, writer.length - start - 4);
}
