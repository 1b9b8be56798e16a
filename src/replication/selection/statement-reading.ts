import type { Flavor, Query } from '../../binlog/index.ts';
import { charsetOfCollation } from '../../charset/index.ts';
import type { LexerOptions } from '../../sql/index.ts';

/** How the server that logged a statement read it: in which `sql_mode`, and in which character set. */
export interface StatementReading extends LexerOptions {
  readonly flavor: Flavor;
  readonly sqlMode: number;
}

/** `flavor`: of the server that wrote the log. */
export function readingOf({ status: { sqlMode = 0n, charset } }: Query, flavor: Flavor): StatementReading {
  // Bits beyond are none that texts are read by.
  const mode = Number(sqlMode & 0xffff_ffffn);
  const client = charset === undefined ? undefined : charsetOfCollation(charset.client, flavor)?.name;
  return client === undefined ? { flavor, sqlMode: mode } : { flavor, sqlMode: mode, charset: client };
}
