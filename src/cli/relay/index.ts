export { runRelay } from './run.ts';
