export type { DumpSink, RowSink } from './dump-sink.ts';
export { leftOutOfDump } from './insert-head.ts';
export { openDump } from './open-dump.ts';
export { type DumpOptions, type DumpProgress, readDump } from './read-dump.ts';
export { readDumpPlace } from './read-dump-place.ts';
export { readShellDumpPlace } from './shell-dump.ts';
