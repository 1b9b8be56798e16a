import { HEADER_BYTES, type RawEvent } from '../../binlog/index.ts';
import type { ReplicateFilter } from './replicate-filter.ts';

/** A table of the statement under way. */
export interface SelectedTable {
  /** As it is here. */
  readonly schema: string;
  readonly table: string;
  readonly passes: boolean;
  /** Bits of the operations that its privileges were asked for. */
  asked: number;
}

/** Where a table map's names begin: behind its table id and flags. */
const NAMES_AT = HEADER_BYTES + 8;

/** The tables that the statement under way has mapped, under the names they have here. */
export class SelectedTables {
  readonly #filter: ReplicateFilter | undefined;
  readonly #tables = new Map<number, SelectedTable>();
  /** Whether the statement has a table that does not pass. */
  leavesOut = false;

  constructor(filter: ReplicateFilter | undefined) {
    this.#filter = filter;
  }

  /** Learns the table of a table map. */
  map(event: RawEvent): SelectedTable {
    const { bytes, start } = event;
    const schemaBytes = bytes[start + NAMES_AT]!;
    const schemaAt = start + NAMES_AT + 1;
    const tableAt = schemaAt + schemaBytes + 2;
    const source = bytes.toString('utf8', schemaAt, schemaAt + schemaBytes);
    const table = bytes.toString('utf8', tableAt, tableAt + bytes[tableAt - 1]!);
    const schema = this.#filter?.rewritten(source) ?? source;
    const passes = this.#filter?.passesTable(schema, table) ?? true;
    if (!passes) this.leavesOut = true;
    const selected = { schema, table, passes, asked: 0 };
    this.#tables.set(tableIdOf(event), selected);
    return selected;
  }

  /** The table that rows are of; undefined: no table map says it. */
  of(rows: RawEvent): SelectedTable | undefined {
    return this.#tables.get(tableIdOf(rows));
  }

  clear(): void {
    this.#tables.clear();
    this.leavesOut = false;
  }
}

/** A table map without its checksum, and with another schema; undefined where it has that name. */
export function withSchema({ bytes, start, bodyEnd }: RawEvent, schema: string): Buffer | undefined {
  const at = start + NAMES_AT;
  const end = at + 1 + bytes[at]!;
  const name = Buffer.from(schema);
  if (name.equals(bytes.subarray(at + 1, end))) return undefined;
  return Buffer.concat([
    bytes.subarray(start, at),
    Buffer.of(name.length),
    name,
    bytes.subarray(end, bodyEnd),
  ]);
}

function tableIdOf({ bytes, start }: RawEvent): number {
  return bytes.readUIntLE(start + HEADER_BYTES, 6);
}
