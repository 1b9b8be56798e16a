import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, which can be filled and taken its writing. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves so many bytes. */
  fill(leave?: number): void;
  free(): void;
  /** The same folder, mounted where nothing can be written. */
  readonly readOnly: string;
  unmount(): void;
}

const mount = (...args: readonly string[]): void => void execFileSync('mount', args, { stdio: 'ignore' });
const PIECE = 4096;

/** Mounts one in memory. Undefined: this account may not mount, or there are no such mounts here. */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-disk-'));
  try {
    mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', folder);
  } catch {
    rmdirSync(folder);
    return undefined;
  }
  const filler = join(folder, 'filler');
  const readOnly = mkdtempSync(join(tmpdir(), 'rowlock-disk-ro-'));
  mount('--bind', folder, readOnly);
  mount('-o', 'remount,bind,ro', readOnly);
  return {
    folder,
    readOnly,
    fill: (leave = 0) => {
      for (let size = 0; ; size += PIECE) {
        try {
          writeFileSync(filler, Buffer.alloc(PIECE), { flag: 'a' });
        } catch {
          if (leave > 0) writeFileSync(filler, Buffer.alloc(Math.max(0, size - leave)));
          return;
        }
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => {
      for (const place of [readOnly, folder]) {
        // Lazily: a file that a failed test left open does not keep it.
        execFileSync('umount', ['-l', place]);
        rmdirSync(place);
      }
    },
  };
}
