import { decodeNext, EventType, type Flavor, LogState, type RawEvent } from '../../../binlog/index.ts';
import { rewriteDatabase } from '../../../text/index.ts';
import type { RewriteRule } from '../options/index.ts';
import { rewritesAsBytes } from '../print-options.ts';

/**
 * `--rewrite-db` of copies, for events of one dump in their order: mysqlbinlog renames databases in them, mariadb-binlog does not.
 */
export function createCopyRename(
  rules: readonly RewriteRule[],
  flavor: Flavor,
): (event: RawEvent) => RawEvent {
  if (rules.length === 0 || flavor !== 'mysql') return (event) => event;
  const log = new LogState();
  const names = rewritesAsBytes(rules);
  return (event) => {
    if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) decodeNext(event, log);
    return rewriteDatabase(event, names, log);
  };
}
