export { DumpServer, type DumpServerOptions } from './dumps.ts';
