export { runSql } from './run.ts';
