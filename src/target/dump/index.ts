export type { DumpSink, RowSink } from './dump-sink.ts';
export { openDump } from './open-dump.ts';
export { type DumpOptions, type DumpProgress, readDump, readDumpPlace } from './read-dump.ts';
export { readShellDumpPlace } from './shell-dump.ts';
