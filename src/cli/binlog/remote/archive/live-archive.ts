import { EventType, type Flavor, RawEvent } from '../../../../binlog/index.ts';
import { RowlockError } from '../../../../errors/index.ts';
import type { SourceClient } from '../../../../replication/index.ts';
import type { CopyGuard } from '../copy-guard.ts';
import { isPlainName, StrayName } from '../raw-copy.ts';
import { ArchiveFile } from './archive-file.ts';
import { sourceName } from './archive-folder.ts';
import type { ArchiveLock } from './archive-lock.ts';
import type { CopyProgress } from './copy-progress.ts';
import { deleteExpired, type ExpirySettings } from './expired-files.ts';
import type { LastPlace } from './last-place.ts';

/** At most so much is lost to a power cut. Nothing is lost to a killed process. */
const SYNC_EVERY_MS = 1000;
/** Others see what came after so long at the latest. */
const FLUSH_AFTER_MS = 20;
const PROGRESS_EVERY = 4096;

export interface ArchiveSettings extends ExpirySettings {
  readonly lock: ArchiveLock;
  readonly progress: CopyProgress;
  /** Judges what comes over one link. */
  readonly createGuard: (flavor: Flavor) => CopyGuard | undefined;
}

/**
 * Writes what a source sends into an archive, one file for one of the source's logs, byte for byte. What arrived of a transaction whose
 * link broke is taken back, because it comes again; after a change of servers, the new one's logs follow as files of their own.
 */
export class LiveArchive {
  readonly #settings: ArchiveSettings;
  #file: ArchiveFile | undefined;
  /** The log of the source that {@link #file} is a copy of. */
  #log = '';
  /** Bytes of the file that are whole transactions. */
  #whole = 0;
  /** Whether a transaction was written to the file. */
  #hasTransaction = false;
  /** The head of the current log, for a file that begins in its middle. */
  #head: Buffer | undefined;
  /** When the source began the log that is continued; undefined: nothing to compare. */
  #made: number | undefined;
  #server: number | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncedAt = Date.now();
  #failure: unknown;
  #guard: CopyGuard | undefined;

  constructor(settings: ArchiveSettings) {
    this.#settings = settings;
  }

  /** Cuts the archive to where it goes on. */
  prepare(place: LastPlace | undefined, dropped: readonly string[]): void {
    const { folder, tell } = this.#settings;
    folder.remove(dropped);
    if (place === undefined) return;
    const { name, size, torn, complete, made, serverId } = place;
    this.#server = serverId;
    if (torn !== undefined) {
      tell(`${folder.pathOf(name)}: ${torn.bytes} bytes behind position ${size} come again: ${torn.why}`);
    }
    if (complete && torn === undefined) return;
    this.#file = ArchiveFile.goOn(name, folder.pathOf(name), size);
    this.#log = sourceName(name);
    this.#whole = size;
    this.#hasTransaction = true;
    this.#made = made;
  }

  /** Copies until the source ends its log, or the client is closed. */
  async follow(client: SourceClient): Promise<void> {
    const { createGuard } = this.#settings;
    const event = new RawEvent();
    let isFirst = true;
    try {
      for (;;) {
        for (let count = 1; client.next(event); count += 1) {
          this.#take(event, client);
          if (count % PROGRESS_EVERY === 0) this.#showProgress(client, false);
        }
        this.#rest(client);
        const waited = await client.wait();
        this.#meetServer(client);
        if (this.#failure !== undefined) throw this.#failure;
        if (waited === 'ended') return;
        if (waited === 'resumed') this.#takeBack();
        if (waited === 'resumed' || isFirst) this.#guard = createGuard(client.facts!.flavor);
        isFirst = false;
      }
    } finally {
      clearTimeout(this.#flushTimer);
      clearTimeout(this.#syncTimer);
      this.#settings.progress.clear();
      this.#file?.close();
    }
  }

  #take(event: RawEvent, client: SourceClient): void {
    const { type } = event;
    if (this.#guard !== undefined) this.#judge(this.#guard, event, client.file);
    if (!client.inLog) {
      if (type === EventType.FORMAT_DESCRIPTION_EVENT) this.#meetHead(event, client);
      // The source goes on in another log: what it left unfinished in this one stays as it is.
      else if (type === EventType.ROTATE_EVENT && client.file !== this.#log) this.#finish();
      return;
    }
    if (type === EventType.FORMAT_DESCRIPTION_EVENT) this.#head = undefined;
    if (
      this.#file === undefined ||
      client.file !== this.#log ||
      type === EventType.FORMAT_DESCRIPTION_EVENT
    ) {
      this.#begin(client.file);
    }
    this.#file!.write(event.bytes, event.start, event.end);
    this.#settings.progress.count(event.length);
    const { place } = client;
    if (place === 'begins' || place === 'inside') return;
    this.#whole = this.#file!.size;
    if (place !== 'outside') this.#hasTransaction = true;
    else if (type === EventType.ROTATE_EVENT) this.#finish();
  }

  /** Nothing of a transaction that may not be copied stays. */
  #judge(guard: CopyGuard, event: RawEvent, log: string): void {
    try {
      guard.check(event, log);
    } catch (error) {
      this.#takeBack();
      throw error;
    }
  }

  /** Another server's logs have nothing to do with the one that was copied last, even where they have its name. */
  #meetServer({ facts }: SourceClient): void {
    const server = facts?.serverId;
    const known = this.#server;
    if (server === undefined || server === known) return;
    this.#server = server;
    if (known === undefined) return;
    this.#takeBack();
    this.#finish();
    this.#log = '';
    this.#settings.tell(`server ${server} answers instead of ${known}: its logs follow, by GTID`);
  }

  /** The head of a log whose middle follows. */
  #meetHead(event: RawEvent, client: SourceClient): void {
    this.#head = Buffer.from(event.bytes.subarray(event.start, event.end));
    const made = this.#made;
    this.#made = undefined;
    if (made === undefined || client.file !== this.#log || event.timestamp === made) return;
    const dates = [event.timestamp, made].map((seconds) => new Date(seconds * 1000).toISOString());
    throw new RowlockError(
      'ARCHIVE_OTHER_LOG',
      `the source's ${client.file} is another file of the same name: begun at ${dates[0]}, the copy at ${dates[1]}`,
      {
        context: { file: this.#file?.path ?? client.file },
        hint: 'The source was reset or restored. Begin a new archive in another folder.',
      },
    );
  }

  /** Begins the copy of a log. */
  #begin(log: string): void {
    const { folder, lock } = this.#settings;
    if (!isPlainName(log)) {
      throw new StrayName(`the server names a log '${log}', which is no name of a file`);
    }
    if (this.#file !== undefined && log === this.#log && !this.#hasTransaction) {
      // Sent again from its start: nothing of it counts yet.
      const { name, path } = this.#file;
      this.#file.close();
      this.#file = ArchiveFile.goOn(name, path, 0);
    } else {
      this.#finish();
      lock.verify();
      const name = folder.freeName(log);
      folder.add(name);
      this.#file = ArchiveFile.create(name, folder.pathOf(name));
      folder.sync();
      deleteExpired(this.#settings);
    }
    this.#log = log;
    this.#hasTransaction = false;
    if (this.#head !== undefined) this.#file.write(this.#head, 0, this.#head.length);
    this.#whole = this.#file.size;
  }

  /** A log is copied to its end. */
  #finish(): void {
    if (this.#file === undefined) return;
    this.#file.close();
    this.#file = undefined;
  }

  /** The unfinished transaction comes again. */
  #takeBack(): void {
    if (this.#file !== undefined && this.#file.size > this.#whole) this.#file.cut(this.#whole);
    this.#head = undefined;
  }

  /** Nothing more is here: others see what came, and soon it is durable. */
  #rest(client: SourceClient): void {
    const file = this.#file;
    this.#showProgress(client, true);
    if (file === undefined) return;
    this.#flushTimer ??= setTimeout(() => this.#flushLater(client), FLUSH_AFTER_MS);
    const due = this.#syncedAt + SYNC_EVERY_MS - Date.now();
    if (due <= 0) this.#sync(file);
    else if (file.dirty) this.#syncTimer ??= setTimeout(() => this.#syncLater(client), due);
  }

  #flushLater(client: SourceClient): void {
    this.#flushTimer = undefined;
    this.#attempt(client, () => this.#file?.flush());
  }

  #sync(file: ArchiveFile): void {
    file.sync();
    this.#syncedAt = Date.now();
  }

  #syncLater(client: SourceClient): void {
    this.#syncTimer = undefined;
    this.#attempt(client, () => {
      if (this.#file !== undefined) this.#sync(this.#file);
    });
  }

  /** Does what a timer asks for; a failure ends the copy. */
  #attempt(client: SourceClient, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failure = error;
      client.close();
    }
  }

  #showProgress(client: SourceClient, isIdle: boolean): void {
    const { progress } = this.#settings;
    if (progress.enabled) progress.show(`${client.file}:${client.position}`, isIdle);
  }
}
