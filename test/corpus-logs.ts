import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), 'corpus');

export interface CorpusLog {
  /** `mysql97/types-int`. */
  readonly name: string;
  /** The whole file, unpacked. */
  read(): Buffer;
}

/** Every binary log of the corpus. */
export const corpusLogs: readonly CorpusLog[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.binlog(\.gz)?$/.test(path))
  .sort()
  .map((path) => ({
    name: path.replaceAll('\\', '/').replace(/\.binlog(\.gz)?$/, ''),
    read: () => {
      const bytes = readFileSync(join(root, path));
      return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    },
  }));
