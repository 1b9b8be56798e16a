import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { RowlockError } from '../../../../errors/index.ts';

/** Who writes an archive. `started`: when the process was, as Linux counts; process ids are used again. */
interface Holder {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly started: string | undefined;
}

/**
 * Keeps two processes from writing one archive. The file appears whole or not at all (a link to one written before), so whoever
 * finds it knows whose it is. One that a dead process of this machine left is taken over; whoever was overtaken meanwhile
 * finds out by {@link verify} before it writes the next file.
 */
export class ArchiveLock {
  readonly #path: string;
  readonly #id: string;

  private constructor(path: string, id: string) {
    this.#path = path;
    this.#id = id;
  }

  /** @throws RowlockError `ARCHIVE_LOCKED`, naming the process that has it */
  static take(path: string): ArchiveLock {
    const own: Holder = {
      id: randomUUID(),
      host: hostname(),
      pid: process.pid,
      started: startOf(process.pid),
    };
    const draft = `${path}.${own.id}`;
    try {
      writeFileSync(draft, `${JSON.stringify(own)}\n`, { mode: 0o640, flag: 'wx' });
    } catch (error) {
      throw Object.assign(error as NodeJS.ErrnoException, { path });
    }
    try {
      // Twice: the second time where a dead holder was cleared away.
      for (let attempt = 0; ; attempt += 1) {
        try {
          linkSync(draft, path);
          return new ArchiveLock(path, own.id);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
        const holder = readHolder(path);
        if (attempt > 0 || (holder !== undefined && isAlive(holder))) throw locked(path, holder);
        clearAway(path, holder);
      }
    } finally {
      rmSync(draft, { force: true });
    }
  }

  /** @throws RowlockError `ARCHIVE_LOCKED` where another process has taken over */
  verify(): void {
    const holder = readHolder(this.#path);
    if (holder?.id !== this.#id) throw locked(this.#path, holder);
  }

  release(): void {
    if (readHolder(this.#path)?.id === this.#id) unlinkSync(this.#path);
  }
}

function locked(path: string, holder: Holder | undefined): RowlockError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new RowlockError('ARCHIVE_LOCKED', `${who} writes this archive`, {
    context: { file: path },
    hint: 'Two copies must not write the same files. If that process is gone for sure, delete the lock.',
  });
}

/** Undefined where there is none, or nothing that can be read. */
function readHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder;
    return typeof holder.id === 'string' && typeof holder.pid === 'number' ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Moves a dead holder's lock away, unless somebody else did so first: then theirs is put back. */
function clearAway(path: string, dead: Holder | undefined): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    if (readHolder(aside)?.id !== dead?.id) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** A holder on another machine counts as alive: nobody here can tell. */
function isAlive({ host, pid, started }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === undefined || startOf(pid) === started;
}

/** Field 22 of /proc/PID/stat, `starttime`; the second field is in parentheses and may hold anything. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .at(19);
  } catch {
    return undefined;
  }
}
