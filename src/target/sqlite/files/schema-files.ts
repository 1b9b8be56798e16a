import { join } from 'node:path';
import { openSqlite } from '../../../store/index.ts';
import { fileName } from './file-name.ts';
import { SchemaFile } from './schema-file.ts';
import type { StateFile } from './state-file.ts';

/**
 * Files that may hold pages in memory, unless a transaction needs more: a source may have a schema for each of a thousand customers. The
 * others stay open, for the bindings of @photostructure/sqlite 1.2.1 let go of a file only when its statements are collected.
 */
const MOST_WARM = 16;

/** The files of a channel's schemas, and the source transaction that is open in all of them that it touches. */
export class SchemaFiles {
  readonly #folder: string;
  readonly #state: StateFile;
  /** By schema; the one that was written last stands at the end. */
  readonly #files = new Map<string, SchemaFile>();
  /** Of the source transaction that is open. */
  #savepoints: string[] = [];
  /** Files between which a table moved: they are made durable in this order, and before any other. */
  #flushFirst: readonly SchemaFile[] = [];

  constructor(folder: string, state: StateFile) {
    this.#folder = folder;
    this.#state = state;
  }

  /** The file of a schema; made, if there is none. */
  async of(schema: string): Promise<SchemaFile> {
    let file = this.#files.get(schema);
    if (file === undefined) {
      const { channel, origin } = this.#state;
      const database = await openSqlite(join(this.#folder, fileName(schema)));
      try {
        file = new SchemaFile(schema, database, channel, origin);
      } catch (error) {
        database.close();
        throw error;
      }
      this.#files.set(schema, file);
    }
    return file;
  }

  /** A source transaction begins. */
  begin(): void {
    this.#savepoints = [];
  }

  /** Opens what a write needs. False: the file was made durable before a crash kept the rest from it, and has this transaction already. */
  enter(file: SchemaFile): boolean {
    if (file.applied >= this.#state.applied) return false;
    if (!file.isInGroup) {
      this.#files.delete(file.schema);
      this.#files.set(file.schema, file);
    }
    file.enter(this.#savepoints);
    return true;
  }

  /** Rows go from one file to the other: they must be safe where they go before they are gone where they were. */
  flushInOrder(to: SchemaFile, from: SchemaFile): void {
    this.#flushFirst = [to, from];
  }

  /** A table moved between files, which cannot wait for others; or the group has as many files as may hold pages. */
  get mustFlush(): boolean {
    if (this.#flushFirst.length > 0) return true;
    return this.#files.size >= MOST_WARM && this.#count((file) => file.isInGroup) >= MOST_WARM;
  }

  savepoint(name: string): void {
    this.#savepoints.push(name);
    for (const file of this.#files.values()) file.savepoint(name);
  }

  rollbackTo(name: string): void {
    for (const file of this.#files.values()) file.rollbackTo(name);
  }

  commit(): void {
    for (const file of this.#files.values()) file.commit();
  }

  rollback(): void {
    for (const file of this.#files.values()) file.rollback();
    this.#flushFirst = [];
  }

  /** Makes durable what was committed. */
  flush(): void {
    const { channel, applied } = this.#state;
    for (const file of this.#flushFirst) file.flush(channel, applied);
    for (const file of this.#files.values()) file.flush(channel, applied);
    this.#flushFirst = [];
    if (this.#files.size > MOST_WARM) this.#rest();
  }

  /** Gives up what a transaction opened that was taken back. */
  discard(): void {
    for (const file of this.#files.values()) file.discard();
  }

  /** Those that have not been written for longest give their memory back. */
  #rest(): void {
    let tooMany = this.#count((file) => file.isWarm) - MOST_WARM;
    for (const file of this.#files.values()) {
      if (tooMany <= 0) return;
      if (!file.isWarm) continue;
      file.rest();
      tooMany -= 1;
    }
  }

  #count(is: (file: SchemaFile) => boolean): number {
    let count = 0;
    for (const file of this.#files.values()) if (is(file)) count += 1;
    return count;
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }
}
