export { RowTeam } from './row-team.ts';
export { rowsBeforeTeam, startRowWorker } from './start-row-worker.ts';
