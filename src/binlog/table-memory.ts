import { decodeBody } from './events/registry.ts';
import type { TableMap } from './events/table-map.ts';
import type { LogState } from './log-state.ts';
import type { RawEvent } from './raw-event.ts';

interface Remembered {
  readonly event: RawEvent;
  table: TableMap | undefined;
}

/**
 * The table maps of a log, decoded only when rows ask for them, and not again while the server repeats the same one:
 * it writes one for every statement.
 */
export class TableMemory {
  readonly #state: LogState;
  readonly #byId = new Map<number, Remembered>();

  constructor(state: LogState) {
    this.#state = state;
  }

  /** Takes note of a TABLE_MAP event. */
  note(event: RawEvent): void {
    const { bytes, bodyStart, bodyEnd } = event;
    if (bodyEnd - bodyStart < 8) return;
    const id =
      this.#state.tableIdBytes(event.type) === 4
        ? bytes.readUInt32LE(bodyStart)
        : bytes.readUIntLE(bodyStart, 6);
    const known = this.#byId.get(id)?.event;
    if (
      known !== undefined &&
      known.bytes.compare(bytes, bodyStart, bodyEnd, known.bodyStart, known.bodyEnd) === 0
    ) {
      return;
    }
    this.#byId.set(id, { event: event.keep(), table: undefined });
  }

  clear(): void {
    this.#byId.clear();
  }

  /** The event behind a table id, as it came. */
  event(id: number): RawEvent | undefined {
    return this.#byId.get(id)?.event;
  }

  /** The map of a table id, if one came before. @throws FormatError where the map is damaged */
  find(id: number): TableMap | undefined {
    const known = this.#byId.get(id);
    if (known === undefined) return undefined;
    if (known.table === undefined) {
      const body = decodeBody(known.event, this.#state);
      if (body.kind === 'tableMap') known.table = body;
    }
    return known.table;
  }
}
