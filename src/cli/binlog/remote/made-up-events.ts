import type { Flavor, RawEvent } from '../../../binlog/index.ts';
import { UNEXPECTED_EVENT_LINE } from '../../../guard/index.ts';
import type { BinlogOptions } from '../options/index.ts';

/**
 * With `--require-row-format` mysqlbinlog 9.7 ends at what a server makes up for a dump: the head it sends again ahead of a
 * `--start-position`, with `--to-last-log` its rotates. For events of one dump: gives its line then. Undefined: all are read, as always
 * without `--compat=exact`.
 */
export function createMadeUpCheck(
  { compat, checks }: BinlogOptions,
  flavor: Flavor,
): ((event: RawEvent) => string | undefined) | undefined {
  if (compat !== 'exact' || checks.requireRowFormat !== 'basic' || flavor !== 'mysql') return undefined;
  return ({ logPos }) => (logPos === 0 ? UNEXPECTED_EVENT_LINE : undefined);
}
