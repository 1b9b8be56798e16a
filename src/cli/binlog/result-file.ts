import { closeSync, openSync } from 'node:fs';
import { type ByteSink, descriptorSink } from '../command-io.ts';
import { pathIn } from './path-in.ts';

export interface ResultFile extends ByteSink {
  close(): void;
}

/** Opens the file of `--result-file` anew. Errors are the operating system's. */
export function createResultFile(path: string, cwd: string): ResultFile {
  const fd = openSync(pathIn(cwd, path), 'w');
  const sink = descriptorSink(fd);
  return { write: (bytes) => sink.write(bytes), isTerminal: false, close: () => closeSync(fd) };
}
