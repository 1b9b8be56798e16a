export type { MysqlPrinterIo } from './print-state.ts';
export { createMysqlPrinter } from './printer.ts';
export { rewriteDatabase } from './rewrite.ts';
