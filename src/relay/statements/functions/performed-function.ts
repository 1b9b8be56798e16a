import type { ServerError } from '../../../errors/index.ts';
import type { Context } from '../context.ts';

export type CallValue = string | number | null;

/** A function of a query that does something, or takes its time: it is called once for each time it is written. */
export interface PerformedFunction {
  readonly least: number;
  readonly most: number;
  /** What it says of a wrong number of arguments. */
  wrongCount(name: string, tooMany: boolean): ServerError;
  /** @throws ServerError */
  run(values: readonly CallValue[], context: Context, name: string): CallValue | Promise<CallValue>;
}
