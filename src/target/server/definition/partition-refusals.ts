import type { TableStatement } from '../../../sql/index.ts';

/** ER_PARTITION_MGMT_ON_NONPARTITIONED */
export const NO_PARTITIONS = 1505;

/** ER_PARTITION_REQUIRES_VALUES_ERROR to ER_SAME_NAME_PARTITION: what is wrong with partitions, {@link NO_PARTITIONS} among them. */
export const isPartitionError = (errno: number): boolean => errno >= 1479 && errno <= 1517;

/** Whether a statement changes nothing but in which partitions rows are: of no matter where the target has none. */
export const leavesRows = (statement: TableStatement): boolean =>
  statement.kind === 'alterTable' &&
  statement.changes.every((change) => change.kind === 'partitions' && change.change.kind !== 'partitionBy');

/** Whether rows go, or come, with partitions. */
export const takesRows = (statement: TableStatement): boolean =>
  statement.kind === 'alterTable' && statement.changes.some(({ kind }) => kind === 'partitionRows');
