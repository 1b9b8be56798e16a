import type { AdministrativeStatement } from '../../sql/index.ts';
import type { ViewRow } from '../views/view.ts';
import { type Answer, DONE, type ResultColumn, type ResultKind, rows } from './answer.ts';
import type { Context } from './context.ts';
import { evaluate, query } from './evaluate.ts';

type Of<K extends AdministrativeStatement['kind']> = Extract<AdministrativeStatement, { kind: K }>;

export async function select({ text }: Of<'select'>, context: Context): Promise<Answer> {
  const result = await query(text, context);
  const columns = result.columns.map(
    (name, i): ResultColumn => ({ name, ...(result.shapes[i] ?? { kind: kindOf(result.rows, i) }) }),
  );
  return rows(columns, result.rows);
}

/** DO: computed and thrown away. */
export async function doNothing({ text }: Of<'do'>, context: Context): Promise<Answer> {
  await evaluate(text, context);
  return DONE;
}

/** What a column holds, from its values: the engine gives numbers where there are numbers. */
function kindOf(values: readonly ViewRow[], at: number): ResultKind {
  let kind: ResultKind | undefined;
  for (const row of values) {
    const value = row[at] ?? null;
    if (value === null) continue;
    if (value instanceof Uint8Array) return 'blob';
    if (typeof value === 'bigint') kind = kind === 'double' ? kind : 'integer';
    else if (typeof value !== 'number') return 'text';
    else if (!Number.isInteger(value)) kind = 'double';
    else kind ??= 'integer';
  }
  return kind ?? 'text';
}
