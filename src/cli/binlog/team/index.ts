export { RowTeam } from './row-team.ts';
export { startRowWorker, teamStart } from './start-row-worker.ts';
