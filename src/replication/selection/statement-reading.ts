import type { Flavor, Query } from '../../binlog/index.ts';
import { charsetOfCollation, decodeText } from '../../charset/index.ts';
import type { LexerOptions } from '../../sql/index.ts';

/** How the server that logged a statement read it: in which `sql_mode`, and in which character set. */
export interface StatementReading extends LexerOptions {
  readonly flavor: Flavor;
  readonly sqlMode: number;
}

/** `flavor`: of the server that wrote the log. */
export function readingOf(
  { status: { sqlMode = 0n, charset } }: Pick<Query, 'status'>,
  flavor: Flavor,
): StatementReading {
  // Bits beyond are none that texts are read by.
  const mode = Number(sqlMode & 0xffff_ffffn);
  const client = charset === undefined ? undefined : charsetOfCollation(charset.client, flavor)?.name;
  return client === undefined ? { flavor, sqlMode: mode } : { flavor, sqlMode: mode, charset: client };
}

/** A logged statement, decoded from the character set of the client that sent it. */
export function statementText(query: Pick<Query, 'status' | 'statement'>, flavor: Flavor): string {
  return decodeText(query.statement, readingOf(query, flavor).charset ?? 'utf8mb4');
}
