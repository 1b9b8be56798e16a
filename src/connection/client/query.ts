import { ProtocolError } from '../../errors/index.ts';
import {
  type Column,
  column,
  EOF,
  EOF_MAX,
  eof,
  LOCAL_INFILE,
  MAX_COLUMNS,
  OK,
  ok,
  ServerStatus,
  textRow,
} from '../../wire/index.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';

/** A row as the server sent it: text of each value, NULL as null. Owned by the caller. */
export type Row = readonly (Buffer | null)[];

/** What a statement did, or the shape of what it returns. */
export interface Outcome {
  /** Empty for a statement without rows. */
  readonly columns: readonly Column[];
  readonly affectedRows: bigint;
  readonly lastInsertId: bigint;
  readonly warnings: number;
  readonly status: number;
  /** `Rows matched: 1  Changed: 0  Warnings: 0`; empty where the server says nothing. */
  readonly info: Buffer;
}

/** Everything a statement returned. */
export interface ResultSet extends Outcome {
  readonly rows: readonly Row[];
}

const NOTHING: Buffer = Buffer.alloc(0);

/** Reads the answer up to its first row. */
export async function readOutcome(channel: PacketChannel): Promise<Outcome> {
  await channel.next();
  return outcomeOf(channel);
}

/** As {@link readOutcome}, of the answer that begins with the current packet. */
async function outcomeOf(channel: PacketChannel): Promise<Outcome> {
  channel.throwIfError();
  if (channel.marker === OK) {
    const { affectedRows, lastInsertId, warnings, status, info } = channel.read(ok);
    return { columns: [], affectedRows, lastInsertId, warnings, status, info };
  }
  if (channel.marker === LOCAL_INFILE) {
    // Asking for a file of this machine was never agreed to. An empty packet ends it; the server then reports.
    channel.putBytes(Buffer.alloc(0));
    channel.flush();
    await channel.next();
    channel.throwIfError();
    throw new ProtocolError('the server asks for a local file', { code: 'PROTOCOL_LOCAL_INFILE' });
  }
  const count = channel.read(columnCount);
  const columns: Column[] = [];
  for (let i = 0; i < count; i += 1) {
    await channel.next();
    channel.throwIfError();
    columns.push(channel.read(column));
  }
  await channel.next();
  const { warnings, status } = channel.read(eof);
  return { columns, affectedRows: 0n, lastInsertId: 0n, warnings, status, info: NOTHING };
}

const columnCount = {
  name: 'column count',
  read(cursor: { lenenc(): number; readonly remaining: number }): number {
    const count = cursor.lenenc();
    if (count === 0 || count > MAX_COLUMNS || cursor.remaining > 0) {
      throw new ProtocolError(`a result of ${count} columns`, { code: 'PROTOCOL_MALFORMED' });
    }
    return count;
  },
  write(count: number, writer: { lenenc(value: number): void }): void {
    writer.lenenc(count);
  },
};

/** Whether the current packet closes the rows. */
function isEnd(channel: PacketChannel): boolean {
  return channel.marker === EOF && channel.size < EOF_MAX;
}

/** Yields the rows behind {@link readOutcome}; returns the status flags at their end. */
export async function* readRows(channel: PacketChannel, columns: number): AsyncGenerator<Row, number> {
  const definition = textRow(columns);
  for (;;) {
    await channel.next();
    channel.throwIfError();
    if (isEnd(channel)) return channel.read(eof).status;
    yield channel.read(definition);
  }
}

/** Reads one result set whole. Further ones of the same statement are read and dropped. */
export async function readResultSet(channel: PacketChannel): Promise<ResultSet> {
  const result = await readOneResult(channel);
  await skipResults(channel, result.status);
  return result;
}

/** Reads one result set whole, and leaves further ones, which `status` tells of, to be read. */
export async function readOneResult(channel: PacketChannel): Promise<ResultSet> {
  const outcome = await readOutcome(channel);
  const rows: Row[] = [];
  if (outcome.columns.length === 0) return { ...outcome, rows };
  // What the rows were warned of, the server knows behind them.
  const { status, warnings } = await collect(channel, outcome.columns.length, rows);
  return { ...outcome, status, warnings, rows };
}

/** Reads the rest of the answer that begins with the current packet. Rows are dropped. */
export async function readAnswer(channel: PacketChannel): Promise<Outcome> {
  const outcome = await outcomeOf(channel);
  if (outcome.columns.length > 0) await collect(channel, outcome.columns.length, []);
  return outcome;
}

async function collect(
  channel: PacketChannel,
  columns: number,
  rows: Row[],
): Promise<Pick<Outcome, 'status' | 'warnings'>> {
  const definition = textRow(columns);
  for (;;) {
    await channel.next();
    channel.throwIfError();
    if (isEnd(channel)) return channel.read(eof);
    rows.push(channel.read(definition));
  }
}

/** Reads and drops the result sets that follow one with these status flags. */
export async function skipResults(channel: PacketChannel, status: number): Promise<void> {
  let flags = status;
  while ((flags & ServerStatus.MORE_RESULTS_EXISTS) !== 0) {
    const outcome = await readOutcome(channel);
    flags = outcome.status;
    if (outcome.columns.length > 0) flags = (await collect(channel, outcome.columns.length, [])).status;
  }
}
