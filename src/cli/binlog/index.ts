export { runBinlog } from './run.ts';
