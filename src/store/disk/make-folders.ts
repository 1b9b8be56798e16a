import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with those missing above it, and says which was the first; undefined when it was there. One after the other: Node's own
 * call says "no such file" of a disk that is read-only, and where a folder that is there can have none in it (/proc) it never ends.
 */
export async function makeFolders(path: string, mode: number): Promise<string | undefined> {
  const missing: string[] = [];
  for (let folder = resolve(path); !(await isThere(folder)); folder = dirname(folder)) missing.push(folder);
  if (missing.length === 0 && !(await stat(path)).isDirectory()) await mkdir(path, mode);
  for (const folder of missing.toReversed()) {
    try {
      await mkdir(folder, mode);
    } catch (error) {
      // Somebody else may have been faster.
      if (!(await isThere(folder))) throw error;
    }
  }
  return missing.at(-1);
}

/** A link that leads nowhere is not there. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
