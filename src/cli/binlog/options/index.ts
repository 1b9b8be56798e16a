export type { BinlogOptions, Checks, Output, Remote, Selection, TlsOptionValues } from './binlog-options.ts';
export type { GtidSetCheck } from './checks.ts';
export type { Expiry } from './expiry.ts';
export { type LogKeys, readKeyFile } from './key-file.ts';
export { type BinlogCommandLine, type BinlogRequest, parseBinlogCommandLine } from './parse.ts';
export type { RewriteRule } from './rewrite-rules.ts';
export { binlogOptionGroups, binlogOptionsFor, binlogOptionTable } from './table.ts';
