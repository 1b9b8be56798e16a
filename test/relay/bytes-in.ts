import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every byte that is anywhere in a folder. */
export function bytesIn(folder: string): Buffer {
  const pieces: Buffer[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) pieces.push(readFileSync(join(entry.parentPath, entry.name)));
  }
  return Buffer.concat(pieces);
}
