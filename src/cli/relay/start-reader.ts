import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** Where SQLite sorts what memory does not hold. Nothing else of the relay's environment, passwords among it, is for a reader. */
const KEPT = ['SQLITE_TMPDIR', 'TMPDIR'] as const;

/** Starts a process that reads tables. */
export const startReader = (file: string = join(import.meta.dirname, 'table-reader.js')): ChildProcess =>
  fork(file, {
    execArgv: [],
    env: Object.fromEntries(KEPT.map((name) => [name, process.env[name]])),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
