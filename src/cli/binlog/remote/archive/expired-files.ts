import { statSync } from 'node:fs';
import type { Expiry } from '../../options/index.ts';
import type { ArchiveFolder } from './archive-folder.ts';

export interface ExpirySettings {
  readonly folder: ArchiveFolder;
  /** Undefined: nothing is ever old enough. */
  readonly expiry: Expiry | undefined;
  /** Says a line on standard error. */
  readonly tell: (line: string) => void;
}

/** Deletes what is old enough, and says so. */
export function deleteExpired({ folder, expiry, tell }: ExpirySettings): void {
  if (expiry === undefined) return;
  const expired = expiredFiles(folder, expiry, Date.now());
  folder.remove(expired);
  for (const name of expired) tell(`deleted ${folder.pathOf(name)}: expired`);
}

/** The oldest files that may go; never the last one, which may still grow. */
function expiredFiles(folder: ArchiveFolder, expiry: Expiry, now: number): string[] {
  const files = folder.names.map((name) => {
    const { size, mtimeMs } = statSync(folder.pathOf(name), { throwIfNoEntry: false }) ?? {
      size: 0,
      mtimeMs: 0,
    };
    return { name, size, mtimeMs };
  });
  let total = files.reduce((sum, { size }) => sum + size, 0);
  const expired: string[] = [];
  for (const { name, size, mtimeMs } of files.slice(0, -1)) {
    const isExpired = expiry.kind === 'age' ? now - mtimeMs > expiry.milliseconds : total > expiry.bytes;
    if (!isExpired) break;
    total -= size;
    expired.push(name);
  }
  return expired;
}
