import {
  type EventBody,
  EventType,
  eventTypeName,
  LogState,
  PayloadReader,
  RawEvent,
  type Rows,
  type TableMap,
  TableMemory,
  verifyChecksum,
} from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import { formatUuid } from '../../gtid/index.ts';
import type { Diagnose, LogPrinter, PrintVerdict } from '../log-printer.ts';
import { GtidFilter } from '../mysql/gtid-filter.ts';
import { RangeFilter } from '../mysql/range-filter.ts';
import type { TextOutput } from '../output/text-output.ts';
import type { PrintOptions } from '../print-options.ts';
import type { RowOutlet } from '../row-outlet.ts';
import { type ChangePlace, PlaceText, textOf } from './change-place.ts';
import { eventLine } from './event-line.ts';
import { writeRawJson } from './json-text.ts';
import { RowTables } from './row-tables.ts';

/**
 * JSON Lines: a line for each row change (`rows`), or for each event (`events`). The options that select events select here as they
 * do in text. There is no opening and closing frame: concatenated output is output.
 */
class JsonPrinter implements LogPrinter {
  readonly #mode: 'events' | 'rows';
  readonly #options: PrintOptions;
  readonly #out: TextOutput;
  readonly #diagnose: Diagnose;
  readonly #outlet: RowOutlet | undefined;
  readonly #state = new LogState();
  readonly #range: RangeFilter;
  readonly #gtids: GtidFilter;
  readonly #maps = new TableMemory(this.#state);
  readonly #tables = new RowTables();
  readonly #place = new PlaceText();
  #file = '';
  #gtid: string | undefined;

  constructor(mode: 'events' | 'rows', options: PrintOptions, out: TextOutput, io: JsonPrinterIo) {
    this.#mode = mode;
    this.#options = options;
    this.#out = out;
    this.#diagnose = io.diagnose;
    this.#outlet = io.rows;
    this.#range = new RangeFilter(options);
    this.#gtids = new GtidFilter(options);
  }

  begin(): void {}

  startFile(file: { readonly name: string; readonly isFirst: boolean; readonly isLast: boolean }): void {
    this.#file = file.name;
    this.#range.startFile(file.isLast);
  }

  event(event: RawEvent): PrintVerdict {
    try {
      if (this.#options.verifyChecksum) verifyChecksum(event);
      return this.#print(event, undefined);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      // Rows that were taken over before come first.
      if (this.settle() === 'continue') {
        this.#tell(error.at({ file: this.#file, position: event.position, event: event.name }));
      }
      return 'fail';
    }
  }

  settle(): PrintVerdict {
    try {
      this.#outlet?.settle();
      return 'continue';
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#tell(error);
      return 'fail';
    }
  }

  endFile(): PrintVerdict {
    return this.settle();
  }

  #tell(error: FormatError): void {
    this.#diagnose(`ERROR: ${error.describe()}`);
    if (error.hint !== undefined) this.#diagnose(`hint: ${error.hint}`);
  }

  end(): void {}

  #print(event: RawEvent, payloadPosition: number | undefined): PrintVerdict {
    const position = payloadPosition ?? event.position;
    const body = this.#maps.decode(event);
    if (body.kind === 'formatDescription') {
      this.#state.setFormat(body);
      this.#tables.clear();
      this.#outlet?.remember(event);
    } else if (body.kind === 'tableMap') this.#map(event, body);
    const range = this.#range.look(event, position, payloadPosition !== undefined);
    if (range !== 'print') return range === 'skip' ? 'continue' : 'stop';
    if (this.#excludes(event)) return 'continue';
    if (this.#gtids.skips(event, body)) return 'continue';
    this.#gtid = this.#gtidAfter(event, body);
    const place = { file: this.#file, position, gtid: this.#gtid };
    if (this.#mode === 'events') {
      writeRawJson(this.#out, eventLine(event, body, place));
      this.#out.text('\n');
    } else if (body.kind === 'rows') this.#rows(event, body, place, payloadPosition !== undefined);
    if (body.kind !== 'transactionPayload') return 'continue';
    for (const inner of new PayloadReader(body, event).events(new RawEvent())) {
      const verdict = this.#print(inner, position);
      if (verdict !== 'continue') return verdict;
    }
    return 'continue';
  }

  /** MariaDB's lists of servers and domains. */
  #excludes(event: RawEvent): boolean {
    const { doServerIds, ignoreServerIds } = this.#options;
    if (event.type === EventType.FORMAT_DESCRIPTION_EVENT || event.type === EventType.ROTATE_EVENT)
      return false;
    if (doServerIds.length > 0 && !doServerIds.includes(event.serverId)) return true;
    return ignoreServerIds.includes(event.serverId);
  }

  #map(event: RawEvent, body: TableMap): void {
    const { database, table, rewriteDb } = this.#options;
    if (this.#mode === 'events' || this.#tables.knows(event)) return;
    const schema = body.schema.toString('latin1');
    const renamed = rewriteDb.find(({ from }) => from === schema)?.to ?? schema;
    const shown = renamed === schema ? body : { ...body, schema: Buffer.from(renamed, 'latin1') };
    const isWanted =
      (database === undefined || database === renamed) &&
      (table === undefined || table === body.table.toString('latin1'));
    this.#tables.add(event, body, shown, isWanted);
    this.#outlet?.remember(event, body.tableId);
  }

  #rows(event: RawEvent, body: Rows, at: ChangePlace, isInPayload: boolean): void {
    const { tableId } = body;
    const table = this.#tables.get(tableId);
    if (table === undefined) {
      throw new FormatError(`rows of table ${tableId}, which no table map names`, {
        hint: 'Start at the beginning of a transaction.',
      });
    }
    if (!table.isWanted) return;
    const name = eventTypeName(isInPayload ? EventType.TRANSACTION_PAYLOAD_EVENT : event.type);
    const place = this.#place.of(at, name);
    if (table.isWrittenHere) this.#outlet?.settle();
    else if (this.#outlet?.take(event, tableId, place) === true) return;
    table.lines.write(this.#out, event, body, textOf(place));
  }

  #gtidAfter(event: RawEvent, body: EventBody): string | undefined {
    switch (body.kind) {
      case 'gtid':
        return event.type === EventType.GTID_LOG_EVENT ? `${formatUuid(body.uuid)}:${body.gno}` : undefined;
      case 'gtidTagged':
        return `${formatUuid(body.uuid)}:${body.tag}:${body.gno}`;
      case 'mariadbGtid':
        return `${body.domainId}-${event.serverId}-${body.sequence}`;
      default:
        return this.#gtid;
    }
  }
}

export interface JsonPrinterIo {
  readonly diagnose: Diagnose;
  /** Writes rows elsewhere. */
  readonly rows?: RowOutlet | undefined;
}

/** Makes a printer of JSON Lines. */
export function createJsonPrinter(
  mode: 'events' | 'rows',
  options: PrintOptions,
  out: TextOutput,
  io: JsonPrinterIo,
): LogPrinter {
  return new JsonPrinter(mode, options, out, io);
}
