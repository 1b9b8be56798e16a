import {
  charsetOfCollation,
  clientConversion,
  collationId,
  collationName,
  defaultCollation,
  resultsConversion,
} from '../../../charset/index.ts';
import { BINARY_COLLATION, DEFAULT_COLLATION } from '../../../wire/index.ts';
import type { Context } from '../context.ts';
import { collationOf } from './collation-rows.ts';

/** What a session's character sets come to. */
export interface SessionCharsets {
  /** What statements come in; undefined: UTF-8. */
  readonly client: string | undefined;
  /** What answers go out in; undefined: UTF-8. */
  readonly results: string | undefined;
  /** What columns of text are said to be, an id. */
  readonly collation: number;
}

/** By the id that both servers send for the set: the tables of MySQL agree with MariaDB's older ids. */
function collationOfResults(charset: string): number {
  if (charset === 'binary') return BINARY_COLLATION;
  const results = resultsConversion(charset);
  const name = results === undefined ? undefined : defaultCollation(results, 'mysql');
  return name === undefined ? DEFAULT_COLLATION : (collationId(name, 'mysql') ?? DEFAULT_COLLATION);
}

/** What character_set_client and character_set_results say now. */
export function sessionCharsets({ relay, session }: Context): SessionCharsets {
  const { viewer } = session;
  const client = String(relay.variables.read(undefined, 'character_set_client', viewer) ?? '');
  const results = String(relay.variables.read(undefined, 'character_set_results', viewer) ?? '');
  return {
    client: clientConversion(client),
    results: resultsConversion(results),
    collation: collationOfResults(results),
  };
}

/** The variables of a session as its login says them; a collation that the server has not leaves them at its own defaults. */
export function adoptCollation({ relay, session }: Context): void {
  const { flavor } = relay;
  const { collation } = session.applicant;
  const name = collationName(collation, flavor);
  const charset = charsetOfCollation(collation, flavor)?.name;
  if (name === undefined || charset === undefined) return;
  for (const variable of ['character_set_client', 'character_set_connection', 'character_set_results'])
    session.values.set(variable, charset);
  // MariaDB takes the collation that is only the former default of the set for its default of today (character_set_collations).
  const isFormerDefault = flavor === 'mariadb' && name === `${charset}_general_ci`;
  session.values.set('collation_connection', isFormerDefault ? collationOf(charset, flavor) : name);
}
