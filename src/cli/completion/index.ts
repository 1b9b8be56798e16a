export { runCompletion } from './run.ts';
