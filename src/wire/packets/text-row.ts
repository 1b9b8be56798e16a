import type { Cursor } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';
import type { PacketDefinition } from './definition.ts';

/** A row of the text protocol: each value behind its packed length, NULL as the single byte `FB`. */
export type TextRow = readonly (Buffer | null)[];

const NULL = 0xfb;

/** Values are copies: rows outlive the packet they came in. */
export function readTextRow(cursor: Cursor, columns: number): (Buffer | null)[] {
  const row: (Buffer | null)[] = [];
  for (let i = 0; i < columns; i += 1) {
    if (cursor.remaining > 0 && cursor.bytes[cursor.position] === NULL) {
      cursor.skip(1);
      row.push(null);
    } else {
      row.push(cursor.copy(cursor.lenenc()));
    }
  }
  if (cursor.remaining > 0) throw new FormatError(`${cursor.remaining} bytes left over`);
  return row;
}

/** The packet of a row of `columns` values. */
export function textRow(columns: number): PacketDefinition<TextRow> {
  return {
    name: 'TextResultsetRow',
    read: (cursor) => readTextRow(cursor, columns),
    write(row, writer) {
      for (const value of row) {
        if (value === null) writer.u8(NULL);
        else {
          writer.lenenc(value.length);
          writer.bytes(value);
        }
      }
    },
  };
}
