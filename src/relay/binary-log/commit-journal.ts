import { join } from 'node:path';
import { crc32 } from '../../bytes/index.ts';
import { RowlockError } from '../../errors/index.ts';
import { comparePlaces, type Disk, type DiskFile, type LogPlace } from '../../store/index.ts';

/** How far a channel has been taken over into the binary log, in the channel's own words: plain values. */
export type ChannelPlace = Readonly<Record<string, string | number>>;

interface JournalRecord {
  /** File number and position of the binary log. */
  readonly f: number;
  readonly p: number;
  /** Places of the channels that moved. */
  readonly c?: Readonly<Record<string, ChannelPlace | null>>;
}

/** The journal is written anew above this size. */
const COMPACT_BYTES = 1 << 20;

/**
 * What ties the binary log to the relay logs it is made of: for each end of the binary log, how far each channel is.
 *
 * A line is written and synced at the same time as the transactions it is about; neither counts without the other. On start, the
 * binary log is cut at the last end that both agree on, and every channel goes on from its place there: nothing is applied twice or
 * left out, whatever moment the power went.
 *
 *     line = crc32 of the rest, 8 hex digits, space, JSON, LF
 */
export class CommitJournal {
  readonly #disk: Disk;
  readonly #path: string;
  #file: DiskFile | undefined;
  #size = 0;
  #records: JournalRecord[] = [];
  /** Places at the last durable end. */
  #places = new Map<string, ChannelPlace>();
  #end: LogPlace | undefined;

  constructor(disk: Disk, folder: string, base: string) {
    this.#disk = disk;
    this.#path = join(folder, `${base}.commits`);
  }

  /**
   * Reads what the last run left. Then {@link cutAt}, and {@link begin}.
   *
   * @throws RowlockError `STORE_DAMAGED` a line that is not the last one is damaged: each was on the disk before the next was begun
   */
  async load(): Promise<void> {
    const text = (await this.#disk.readFile(this.#path))?.toString() ?? '';
    const lines = text.split('\n').slice(0, -1).map(parseLine);
    for (const [at, record] of lines.entries()) {
      if (record !== undefined) this.#records.push(record);
      // A torn line was never promised to anybody.
      else if (lines.slice(at).every((other) => other === undefined)) return;
      else {
        throw new RowlockError('STORE_DAMAGED', `line ${at + 1} of the binary log's journal is damaged`, {
          context: { file: this.#path },
          hint: 'Without it, nobody can tell what was served. Restore the file from a copy, or begin with an empty data folder.',
        });
      }
    }
  }

  /**
   * How far the binary log was durable for sure: a record is begun when the log and the record before are on the disk. Undefined: nothing
   * was recorded. Of the last one the log may lack its part, unless it is alone: such a journal was written anew.
   */
  get durable(): LogPlace | undefined {
    const record = this.#records.at(-2) ?? this.#records.at(-1);
    return record && { number: record.f, position: record.p };
  }

  /** The last recorded end at or before this one. */
  cutAt(end: LogPlace): LogPlace {
    const reached = this.#records.filter(({ f, p }) => comparePlaces({ number: f, position: p }, end) <= 0);
    if (reached.length === 0 && this.#records.length > 0) {
      throw new RowlockError('STORE_LOST', 'the binary log ends before the first place that was recorded', {
        context: { file: this.#path },
        hint: 'Files of the binary log were removed or cut. Restore them, or begin with an empty data folder.',
      });
    }
    this.#records = reached;
    const last = reached.at(-1);
    return last === undefined ? end : { number: last.f, position: last.p };
  }

  place(channel: string): ChannelPlace | undefined {
    return this.#places.get(channel);
  }

  /** Starts a new journal that holds what of the old one counts. `end`: of the log, where nothing was recorded yet. */
  async begin(end: LogPlace): Promise<void> {
    for (const record of this.#records) this.#apply(record);
    this.#records = [];
    this.#end ??= end;
    await this.#compact([]);
  }

  /** The log will be begun anew: its old ends mean nothing, the channels' places stay. */
  async restart(): Promise<void> {
    this.#end = { number: 0, position: 0 };
    await this.#compact([]);
  }

  /** After a failure: what was recorded and is not durable in the log does not count. */
  async takeBack(): Promise<void> {
    await this.#compact([]);
  }

  /** Makes the channels' places at this end durable. They count once {@link settled} is called. */
  async record(end: LogPlace, places: ReadonlyMap<string, ChannelPlace | null>): Promise<void> {
    const line = formatLine({
      f: end.number,
      p: end.position,
      ...(places.size === 0 ? {} : { c: Object.fromEntries(places) }),
    });
    if (this.#size + line.length > COMPACT_BYTES || this.#file === undefined) {
      await this.#compact([line]);
      return;
    }
    await this.#file.write([line], this.#size);
    await this.#file.sync();
    this.#size += line.length;
  }

  /** The binary log's own bytes up to this end are durable too. */
  settled(end: LogPlace, places: ReadonlyMap<string, ChannelPlace | null>): void {
    this.#end = end;
    for (const [channel, place] of places) this.#set(channel, place);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  #apply({ f, p, c = {} }: JournalRecord): void {
    this.#end = { number: f, position: p };
    for (const [channel, place] of Object.entries(c)) this.#set(channel, place);
  }

  #set(channel: string, place: ChannelPlace | null): void {
    if (place === null) this.#places.delete(channel);
    else this.#places.set(channel, place);
  }

  async #compact(more: readonly Buffer[]): Promise<void> {
    const end = this.#end;
    const whole =
      end === undefined
        ? []
        : [formatLine({ f: end.number, p: end.position, c: Object.fromEntries(this.#places) })];
    const content = Buffer.concat([...whole, ...more]);
    await this.#file?.close();
    this.#file = undefined;
    await this.#disk.replaceFile(this.#path, content);
    this.#file = await this.#disk.open(this.#path, 'write');
    this.#size = content.length;
  }
}

function formatLine(record: JournalRecord): Buffer {
  const json = Buffer.from(JSON.stringify(record));
  return Buffer.concat([
    Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} `),
    json,
    Buffer.from('\n'),
  ]);
}

function parseLine(line: string): JournalRecord | undefined {
  const json = line.slice(9);
  if (line.slice(0, 8) !== crc32(Buffer.from(json)).toString(16).padStart(8, '0')) return undefined;
  return JSON.parse(json) as JournalRecord;
}
