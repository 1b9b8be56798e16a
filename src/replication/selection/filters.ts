/** CHANGE REPLICATION FILTER, as written: what each rule holds. */
export interface ReplicationFilters {
  readonly doDb: readonly string[];
  readonly ignoreDb: readonly string[];
  /** `schema.table` */
  readonly doTable: readonly string[];
  readonly ignoreTable: readonly string[];
  readonly wildDoTable: readonly string[];
  readonly wildIgnoreTable: readonly string[];
  readonly rewriteDb: readonly (readonly [from: string, to: string])[];
}

/** Everything passes. */
export const NO_FILTERS: ReplicationFilters = {
  doDb: [],
  ignoreDb: [],
  doTable: [],
  ignoreTable: [],
  wildDoTable: [],
  wildIgnoreTable: [],
  rewriteDb: [],
};
