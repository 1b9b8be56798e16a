import {
  close,
  constants,
  fdatasync,
  fstat,
  fsync,
  ftruncate,
  open,
  read,
  readdir,
  readFile,
  rename,
  stat,
  unlink,
  writev,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { makeFolders } from './make-folders.ts';

/**
 * The files a log needs, as far as it needs them. Tests give another one: a disk that is full, or one that forgets what was not synced.
 */
export interface Disk {
  /** The same disk for whoever must not wait for space; absent: this one never waits. */
  readonly impatient?: Disk;
  /** `create` empties a file that is there. */
  open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile>;
  /** Undefined: no such file. */
  readFile(path: string): Promise<Buffer | undefined>;
  /** All or nothing, and durable once resolved. */
  replaceFile(path: string, content: Buffer): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Names, not paths; empty where there is no such folder. */
  list(folder: string): Promise<string[]>;
  /** Milliseconds since 1970. */
  modifiedAt(path: string): Promise<number>;
  /** Makes names durable. */
  syncFolder(folder: string): Promise<void>;
}

/** An open file of a disk. Positions and sizes in bytes; what fails, fails with an error of the system. */
export interface DiskFile {
  /** Writes all of them, one behind the other. */
  write(pieces: readonly Buffer[], position: number): Promise<void>;
  /** Fills as much of `into` as the file has; gives how much. */
  read(into: Buffer, position: number): Promise<number>;
  /** Makes what was written durable. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** `open(2)` promisified loses its mode argument's type. */
const openFile = promisify(open) as (path: string, flags: number, mode: number) => Promise<number>;
const calls = {
  close: promisify(close),
  fdatasync: promisify(fdatasync),
  fstat: promisify(fstat),
  fsync: promisify(fsync),
  ftruncate: promisify(ftruncate),
  read: promisify(read) as unknown as (
    fd: number,
    into: Buffer,
    offset: number,
    length: number,
    position: number,
  ) => Promise<{ bytesRead: number }>,
  readdir: promisify(readdir) as (path: string) => Promise<string[]>,
  readFile: promisify(readFile) as (path: string) => Promise<Buffer>,
  rename: promisify(rename),
  stat: promisify(stat),
  unlink: promisify(unlink),
  writev: promisify(writev) as unknown as (
    fd: number,
    pieces: readonly Buffer[],
    position: number,
  ) => Promise<{ bytesWritten: number }>,
};

const FLAGS = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
} as const;

/** Logs hold everybody's rows: they are for the relay's own account. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** IOV_MAX of Linux. */
const MAX_PIECES = 1024;

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

class NodeFile implements DiskFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  async write(pieces: readonly Buffer[], position: number): Promise<void> {
    let at = position;
    for (let from = 0; from < pieces.length; from += MAX_PIECES) {
      let rest = pieces.slice(from, from + MAX_PIECES);
      while (rest.length > 0) {
        let { bytesWritten } = await calls.writev(this.#fd, rest, at);
        at += bytesWritten;
        // A disk that fills up takes a part, and fails at the next call.
        let whole = 0;
        while (whole < rest.length && bytesWritten >= rest[whole]!.length)
          bytesWritten -= rest[whole++]!.length;
        rest = rest.slice(whole);
        if (rest.length > 0) rest[0] = rest[0]!.subarray(bytesWritten);
      }
    }
  }

  async read(into: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < into.length) {
      const { bytesRead } = await calls.read(this.#fd, into, filled, into.length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  sync(): Promise<void> {
    return calls.fdatasync(this.#fd);
  }

  truncate(size: number): Promise<void> {
    return calls.ftruncate(this.#fd, size);
  }

  async size(): Promise<number> {
    return (await calls.fstat(this.#fd)).size;
  }

  close(): Promise<void> {
    return calls.close(this.#fd);
  }
}

/** The real disk. */
export const nodeDisk: Disk = {
  async open(path, mode) {
    return new NodeFile(await openFile(path, FLAGS[mode], FILE_MODE));
  },

  async readFile(path) {
    try {
      return await calls.readFile(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },

  async replaceFile(path, content) {
    const fresh = `${path}.new`;
    const fd = await openFile(fresh, FLAGS.create, FILE_MODE);
    try {
      await new NodeFile(fd).write([content], 0);
      await calls.fsync(fd);
    } finally {
      await calls.close(fd);
    }
    await calls.rename(fresh, path);
    await nodeDisk.syncFolder(dirname(path));
  },

  async remove(path) {
    try {
      await calls.unlink(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  },

  async makeFolder(path) {
    await makeFolders(path, FOLDER_MODE);
  },

  async list(folder) {
    try {
      return await calls.readdir(folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },

  async modifiedAt(path) {
    return (await calls.stat(path)).mtimeMs;
  },

  async syncFolder(folder) {
    const fd = await openFile(folder, constants.O_RDONLY, 0);
    try {
      await calls.fsync(fd);
    } finally {
      await calls.close(fd);
    }
  },
};
