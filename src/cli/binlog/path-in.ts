import { resolve } from 'node:path';

/** A path as the operating system would take it in this folder: an empty one is no file, not the folder. */
export function pathIn(cwd: string, path: string): string {
  return path === '' ? '' : resolve(cwd, path);
}
