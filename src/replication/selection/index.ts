export type { AskedPrivileges } from './asked-privileges.ts';
export { EventJudge, type Judgement } from './event-judge.ts';
export { EventSelection } from './event-selection.ts';
export { NO_FILTERS, type ReplicationFilters } from './filters.ts';
export { ReplicateFilter } from './replicate-filter.ts';
export type { SelectedEvents } from './selected-events.ts';
export { readingOf, type StatementReading, statementText } from './statement-reading.ts';
export { NO_UNTIL, type Until, type UntilStatus } from './until.ts';
export { UntilCondition } from './until-condition.ts';
