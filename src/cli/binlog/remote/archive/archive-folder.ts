import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { RowlockError } from '../../../../errors/index.ts';
import { isPlainName } from '../raw-copy.ts';

/** Logs tell everything that was ever written: they are for their owner, and the group at most. */
export const ARCHIVE_MODE = 0o640;

const SERVER_LOG = /^.+\.\d{6,}$/;
/** Behind the name of a log that another server had used before. */
const SECOND_OF_NAME = /^(.+\.\d{6,})\.\d{1,5}$/;

/** What a copy is called on the source. */
export function sourceName(local: string): string {
  return SECOND_OF_NAME.exec(local)?.[1] ?? local;
}

/**
 * The files of an archive, in the order of the stream. `PREFIXarchive.index` lists them, one name a line, as a server's index does: a
 * name is in there before its file exists, so that no file is ever forgotten.
 */
export class ArchiveFolder {
  readonly path: string;
  readonly #prefix: string;
  readonly #index: string;
  #names: string[];
  /** Whether the index says just that: a process that was killed leaves half a line, or a name whose file it did not come to create. */
  #isIndexExact = false;

  /** `prefix` is what stands before the names of the copies: a folder with `/`, the start of a name, or both. */
  constructor(prefix: string, cwd: string) {
    const sample = resolve(cwd, `${prefix}x`);
    this.path = dirname(sample);
    this.#prefix = basename(sample).slice(0, -1);
    this.#index = join(this.path, `${this.#prefix}archive.index`);
    this.#names = this.#read();
  }

  get lockPath(): string {
    return join(this.path, `${this.#prefix}archive.lock`);
  }

  /** Names without the prefix, oldest first. */
  get names(): readonly string[] {
    return this.#names;
  }

  pathOf(name: string): string {
    return join(this.path, this.#prefix + name);
  }

  /** The name for a log of the source: another one where an older file has it, as after a change of servers. */
  freeName(log: string): string {
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? log : `${log}.${count}`;
      if (!this.#names.includes(name) && !existsSync(this.pathOf(name))) return name;
    }
  }

  /** Lists a file that is about to be created. */
  add(name: string): void {
    this.#names.push(name);
    if (this.#isIndexExact) writeDurably(this.#index, 'a', [name]);
    else this.#rewriteIndex();
    this.sync();
  }

  /** Deletes files: a name without its file is passed over at the next start, a file without its name would stay for ever. */
  remove(names: readonly string[]): void {
    if (names.length === 0) return;
    for (const name of names) rmSync(this.pathOf(name), { force: true });
    this.sync();
    this.#names = this.#names.filter((name) => !names.includes(name));
    this.#rewriteIndex();
    this.sync();
  }

  /** Makes what was created, renamed and deleted durable. */
  sync(): void {
    // Windows has no such thing as syncing a folder.
    if (process.platform === 'win32') return;
    const fd = openSync(this.path, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  #rewriteIndex(): void {
    const draft = `${this.#index}.new`;
    writeDurably(draft, 'w', this.#names);
    renameSync(draft, this.#index);
    this.#isIndexExact = true;
  }

  /** Copies are cut and deleted by these names. */
  #checkName(name: string): void {
    if (isPlainName(name)) return;
    throw new RowlockError('ARCHIVE_INDEX', `the index names '${name}', which is no name of a copy`, {
      context: { file: this.#index },
      hint: 'Take the line out of it, once it is clear who wrote it.',
    });
  }

  /** Where there is no index, the logs that another program copied here. */
  #read(): string[] {
    if (existsSync(this.#index)) {
      const lines = readFileSync(this.#index, 'utf8').split('\n');
      // The last piece is empty, or a line that was torn before its file was created.
      const listed = new Set(lines.slice(0, -1));
      for (const name of listed) if (name !== '') this.#checkName(name);
      const names = [...listed].filter((name) => name !== '' && existsSync(this.pathOf(name)));
      this.#isIndexExact = names.length + 1 === lines.length && lines.at(-1) === '';
      return names;
    }
    if (!existsSync(this.path)) return [];
    return readdirSync(this.path)
      .filter((file) => file.startsWith(this.#prefix) && SERVER_LOG.test(file.slice(this.#prefix.length)))
      .filter((file) => statSync(join(this.path, file)).isFile())
      .map((file) => file.slice(this.#prefix.length))
      .sort(byNumber);
  }
}

function writeDurably(path: string, flags: 'a' | 'w', lines: readonly string[]): void {
  const fd = openSync(path, flags, ARCHIVE_MODE);
  try {
    writeSync(fd, lines.map((line) => `${line}\n`).join(''));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** mysql-bin.1000000 comes behind mysql-bin.999999. */
function byNumber(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
