import { UsageError } from '../../../errors/index.ts';
import type { RowsOfTable } from '../../target.ts';

/** 2038-01-19 03:14:07.999999 as a TIMESTAMP(6) of a row: what MariaDB meant by «for ever» before 11.5. */
const OLD_FOR_EVER = Buffer.from('7fffffff0f423f', 'hex');

/** Of rows of a versioned table, for a target that knows a longer time. @throws UsageError it would take them for history */
export function refuseOldForEver({ map, rows }: RowsOfTable): void {
  if (!rows.images.includes(OLD_FOR_EVER)) return;
  const table = `${map.schema.toString()}.${map.table.toString()}`;
  throw new UsageError(`rows of ${table} hold until 2038, which is history to this target and not for ever`, {
    context: { table },
    hint: 'Tables WITH SYSTEM VERSIONING of a MariaDB before 11.5 cannot be replayed by a newer one.',
  });
}
