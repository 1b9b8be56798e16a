export { inspectOptions, runInspect } from './run.ts';
