import type { ShowFilter } from '../../../sql/index.ts';
import { likeMatcher } from '../../views/like.ts';
import type { ViewColumn, ViewRow } from '../../views/view.ts';
import { type Answer, type ResultColumn, type ResultRow, rows } from '../answer.ts';
import type { Context } from '../context.ts';
import { plainQueryContext } from '../evaluate.ts';

const KINDS = {
  text: 'text',
  integer: 'integer',
  unsigned: 'integer',
  double: 'real',
  float: 'real',
  year: 'integer',
  datetime: 'time',
  timestamp: 'time',
  date: 'time',
  time: 'text',
  decimal: 'text',
  blob: 'text',
  json: 'text',
} as const;

/** Applies LIKE (to the first column) or WHERE. */
export function filtered(
  shape: readonly ResultColumn[],
  values: readonly ResultRow[],
  { like, where }: ShowFilter,
  context: Context,
): Answer {
  if (like !== undefined) {
    const matches = likeMatcher(like);
    return rows(
      shape,
      values.filter(([first]) => matches(String(first ?? ''))),
    );
  }
  if (where === undefined) return rows(shape, values);
  const viewColumns = shape.map(
    ({ name, kind }): ViewColumn => ({ name, kind: KINDS[kind], type: '', nullable: true }),
  );
  const found = context.relay.engine.filter(
    viewColumns,
    values as readonly ViewRow[],
    where,
    plainQueryContext(context),
  );
  return rows(shape, found);
}
