export { runInspect } from './run.ts';
