import type { StatementCursor } from '../statement-cursor.ts';

/** One rule of CHANGE REPLICATION FILTER. */
export type FilterRule =
  | {
      readonly rule: 'doDb' | 'ignoreDb' | 'doTable' | 'ignoreTable' | 'wildDoTable' | 'wildIgnoreTable';
      /** Schemas, `schema.table`, or patterns. */
      readonly names: readonly string[];
    }
  | { readonly rule: 'rewriteDb'; readonly pairs: readonly (readonly [from: string, to: string])[] };

const filters: Readonly<Record<string, FilterRule['rule']>> = {
  REPLICATE_DO_DB: 'doDb',
  REPLICATE_IGNORE_DB: 'ignoreDb',
  REPLICATE_DO_TABLE: 'doTable',
  REPLICATE_IGNORE_TABLE: 'ignoreTable',
  REPLICATE_WILD_DO_TABLE: 'wildDoTable',
  REPLICATE_WILD_IGNORE_TABLE: 'wildIgnoreTable',
  REPLICATE_REWRITE_DB: 'rewriteDb',
};

/** One rule. */
export function readFilterRule(cursor: StatementCursor): FilterRule {
  const rule = Object.hasOwn(filters, cursor.word) ? filters[cursor.word] : undefined;
  if (rule === undefined) throw cursor.fail();
  cursor.advance();
  cursor.expectSymbol('=');
  cursor.expectSymbol('(');
  const read = <T>(item: () => T): T[] => (cursor.isSymbol(')') ? [] : cursor.list(item));
  let filter: FilterRule;
  if (rule === 'rewriteDb') {
    filter = { rule, pairs: read(() => pair(cursor)) };
  } else if (rule === 'doTable' || rule === 'ignoreTable') {
    filter = { rule, names: read(() => tableName(cursor)) };
  } else if (rule === 'wildDoTable' || rule === 'wildIgnoreTable') {
    filter = { rule, names: read(() => cursor.string()) };
  } else {
    filter = { rule, names: read(() => cursor.name()) };
  }
  cursor.expectSymbol(')');
  return filter;
}

function pair(cursor: StatementCursor): readonly [string, string] {
  cursor.expectSymbol('(');
  const from = cursor.name();
  cursor.expectSymbol(',');
  const to = cursor.name();
  cursor.expectSymbol(')');
  return [from, to];
}

function tableName(cursor: StatementCursor): string {
  const schema = cursor.name();
  cursor.expectSymbol('.');
  return `${schema}.${cursor.name()}`;
}
