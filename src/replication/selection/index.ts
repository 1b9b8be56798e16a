export { EventJudge, type Judgement } from './event-judge.ts';
export { type AskedPrivileges, EventSelection, type SelectedEvents } from './event-selection.ts';
export { NO_FILTERS, type ReplicationFilters } from './filters.ts';
export { ReplicateFilter } from './replicate-filter.ts';
export { NO_UNTIL, type Until, type UntilStatus } from './until.ts';
export { UntilCondition } from './until-condition.ts';
