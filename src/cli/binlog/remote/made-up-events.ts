import type { Flavor, RawEvent } from '../../../binlog/index.ts';
import { mysqlbinlogErrorLine } from '../../../guard/index.ts';
import type { BinlogOptions } from '../options/index.ts';

/**
 * With `--require-row-format` mysqlbinlog 9.7 ends at what a server makes up for a dump: the head it sends again ahead of a
 * `--start-position`, with `--to-last-log` its rotates. Returns its line then; undefined: read on, as always without `--compat=exact`.
 */
export function madeUpRefusal(
  event: RawEvent,
  { compat, checks }: BinlogOptions,
  flavor: Flavor,
): string | undefined {
  if (compat !== 'exact' || checks.requireRowFormat !== 'basic' || flavor !== 'mysql') return undefined;
  return event.logPos === 0 ? mysqlbinlogErrorLine({ violation: 'undecodableQuery' }) : undefined;
}
