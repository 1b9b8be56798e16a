import {
  decodeBody,
  type EventBody,
  EventType,
  LogState,
  PayloadReader,
  RawEvent,
  type Rows,
  verifyChecksum,
} from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import { formatUuid } from '../../gtid/index.ts';
import type { Diagnose, LogPrinter, PrintVerdict } from '../log-printer.ts';
import { GtidFilter } from '../mysql/gtid-filter.ts';
import { RangeFilter } from '../mysql/range-filter.ts';
import type { PrintOptions } from '../print-options.ts';
import type { TextOutput } from '../text-output.ts';
import { eventLine } from './event-line.ts';
import { writeRawJson } from './json-text.ts';
import { type ChangePlace, RowLines } from './row-lines.ts';

/**
 * JSON Lines: a line for each row change (`rows`), or for each event (`events`). The options that select events select here as they
 * do in text. There is no opening and closing frame: concatenated output is output.
 */
class JsonPrinter implements LogPrinter {
  readonly #mode: 'events' | 'rows';
  readonly #options: PrintOptions;
  readonly #out: TextOutput;
  readonly #diagnose: Diagnose;
  readonly #state = new LogState();
  readonly #range: RangeFilter;
  readonly #gtids: GtidFilter;
  readonly #tables = new Map<number, RowLines | undefined>();
  #file = '';
  #gtid: string | undefined;

  constructor(mode: 'events' | 'rows', options: PrintOptions, out: TextOutput, diagnose: Diagnose) {
    this.#mode = mode;
    this.#options = options;
    this.#out = out;
    this.#diagnose = diagnose;
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
      error.at({ file: this.#file, position: event.position, event: event.name });
      this.#diagnose(`ERROR: ${error.describe()}`);
      if (error.hint !== undefined) this.#diagnose(`hint: ${error.hint}`);
      return 'fail';
    }
  }

  endFile(): PrintVerdict {
    return 'continue';
  }

  end(): void {}

  #print(event: RawEvent, payloadPosition: number | undefined): PrintVerdict {
    const position = payloadPosition ?? event.position;
    const body = decodeBody(event, this.#state);
    if (body.kind === 'formatDescription') this.#state.setFormat(body);
    else if (body.kind === 'tableMap') this.#map(body);
    const range = this.#range.look(event, position, payloadPosition !== undefined);
    if (range !== 'print') return range === 'skip' ? 'continue' : 'stop';
    if (this.#excludes(event)) return 'continue';
    if (this.#gtids.skips(event, body)) return 'continue';
    this.#gtid = this.#gtidAfter(event, body);
    const place = { file: this.#file, position, gtid: this.#gtid };
    if (this.#mode === 'events') {
      writeRawJson(this.#out, eventLine(event, body, place));
      this.#out.text('\n');
    } else if (body.kind === 'rows') this.#rows(event, body, place);
    if (body.kind !== 'transactionPayload') return 'continue';
    const reader = new PayloadReader(body, event);
    const inner = new RawEvent();
    while (reader.next(inner)) {
      const verdict = this.#print(inner, position);
      if (verdict !== 'continue') {
        reader.leave();
        return verdict;
      }
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

  #map(body: Extract<EventBody, { kind: 'tableMap' }>): void {
    const { database, table, rewriteDb } = this.#options;
    const schema = body.schema.toString('latin1');
    const renamed = rewriteDb.find(({ from }) => from === schema)?.to ?? schema;
    const wanted =
      (database === undefined || database === renamed) &&
      (table === undefined || table === body.table.toString('latin1'));
    const shown = renamed === schema ? body : { ...body, schema: Buffer.from(renamed, 'latin1') };
    this.#state.tables.set(body.tableId, body);
    if (this.#mode === 'rows') this.#tables.set(body.tableId, wanted ? new RowLines(shown) : undefined);
  }

  #rows(event: RawEvent, body: Rows, place: ChangePlace): void {
    if (!this.#state.tables.has(body.tableId)) {
      throw new FormatError(`rows of table ${body.tableId}, which no table map names`, {
        hint: 'Start at the beginning of a transaction.',
      });
    }
    this.#tables.get(body.tableId)?.write(this.#out, event, body, place);
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

/** Makes a printer of JSON Lines. */
export function createJsonPrinter(
  mode: 'events' | 'rows',
  options: PrintOptions,
  out: TextOutput,
  io: { readonly diagnose: Diagnose },
): LogPrinter {
  return new JsonPrinter(mode, options, out, io.diagnose);
}
