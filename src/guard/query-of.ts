import { type Flavor, type Query, StatusVariable, statusVariableCodes } from '../binlog/index.ts';
import { charsetOfCollation } from '../charset/index.ts';
import type { GuardQuery } from './event.ts';

/** What every server reads, of whatever version and family. Behind any other code some servers read no further. */
const readByAll: ReadonlySet<number> = new Set([
  StatusVariable.FLAGS2,
  StatusVariable.SQL_MODE,
  StatusVariable.CATALOG,
  StatusVariable.AUTO_INCREMENT,
  StatusVariable.CHARSET,
  StatusVariable.TIME_ZONE,
  StatusVariable.CATALOG_NZ,
]);

/** Whether every server takes the same value of a variable from the block: it is there once, and behind nothing that is not read by all. */
function isSettled(codes: readonly number[], code: number): boolean {
  const at = codes.indexOf(code);
  return (
    at >= 0 && codes.lastIndexOf(code) === at && codes.slice(0, at).every((other) => readByAll.has(other))
  );
}

/**
 * What a guard needs of a Query event. What servers may read differently, or take from the event before, is left out: the guard then
 * reads the statement in every way.
 */
export function guardQueryOf({ statement, status }: Query, flavor: Flavor): GuardQuery {
  const codes = statusVariableCodes(status.bytes);
  const { sqlMode } = status;
  const charset =
    status.charset !== undefined && isSettled(codes, StatusVariable.CHARSET)
      ? charsetOfCollation(status.charset.client, flavor)?.name
      : undefined;
  return {
    statement,
    flavor,
    ...(sqlMode !== undefined && isSettled(codes, StatusVariable.SQL_MODE) && { sqlMode: Number(sqlMode) }),
    ...(charset !== undefined && { charset }),
  };
}
