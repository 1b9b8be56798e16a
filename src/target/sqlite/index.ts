export { fileName, SqliteTarget, type SqliteTargetOptions } from './sqlite-target.ts';
