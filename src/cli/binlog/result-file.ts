import { closeSync, openSync } from 'node:fs';
import type { Dialect } from '../../options/index.ts';
import { type ByteSink, descriptorSink } from '../command-io.ts';
import { pathIn } from './path-in.ts';

export interface ResultFile extends ByteSink {
  close(): void;
}

/** Who may read a file that is made, before the umask: mysqlbinlog leaves nothing to others, whom rows are no business of. */
const MODE: Readonly<Record<Dialect, number>> = { mysql: 0o640, mariadb: 0o666 };

/** Opens the file of `--result-file` anew. Errors are the operating system's. */
export function createResultFile(path: string, cwd: string, dialect: Dialect): ResultFile {
  const fd = openSync(pathIn(cwd, path), 'w', MODE[dialect]);
  const sink = descriptorSink(fd);
  return { write: (bytes) => sink.write(bytes), isTerminal: false, close: () => closeSync(fd) };
}
