import { ByTableId } from './by-table-id.ts';
import { EventType } from './event-type.ts';
import { decodeBody, type EventBody } from './events/registry.ts';
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
  readonly #byId = new ByTableId<Remembered>();

  constructor(state: LogState) {
    this.#state = state;
  }

  /** Takes note of a TABLE_MAP event. */
  note(event: RawEvent): void {
    this.#note(event);
  }

  /**
   * What an event of any type says. A table map is the same object as long as its bytes are the same; none lasts beyond a format
   * description.
   *
   * @throws FormatError where it is damaged
   */
  decode(event: RawEvent): EventBody {
    const noted = event.type === EventType.TABLE_MAP_EVENT ? this.#note(event) : undefined;
    if (noted?.table !== undefined) return noted.table;
    const body = decodeBody(event, this.#state);
    if (noted !== undefined && body.kind === 'tableMap') noted.table = body;
    if (body.kind === 'formatDescription') this.clear();
    return body;
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

  /** Undefined: too short to have a number. */
  #note(event: RawEvent): Remembered | undefined {
    const { bytes, bodyStart, bodyEnd } = event;
    if (bodyEnd - bodyStart < 8) return undefined;
    const id =
      this.#state.tableIdBytes(event.type) === 4
        ? bytes.readUInt32LE(bodyStart)
        : bytes.readUIntLE(bodyStart, 6);
    const known = this.#byId.get(id);
    const isSame =
      known !== undefined &&
      known.event.bytes.compare(bytes, bodyStart, bodyEnd, known.event.bodyStart, known.event.bodyEnd) === 0;
    if (isSame) return known;
    const noted = { event: event.keep(), table: undefined };
    this.#byId.set(id, noted);
    return noted;
  }
}
