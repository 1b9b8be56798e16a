export { runReplicate } from './run.ts';
