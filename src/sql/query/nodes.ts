import { tooDeep } from './tokens.ts';
import type { Expression } from './tree.ts';

/** Printing a tree takes a few calls for each level, and SQLite has no more than 1000 of its own. */
const MAX_HEIGHT = 250;

/** The height of what is made of the parts. @throws ServerError 1235 */
export function heightOf(...parts: readonly (Pick<Expression, 'height'> | undefined)[]): number {
  let height = 0;
  for (const part of parts) height = Math.max(height, part?.height ?? 0);
  if (height >= MAX_HEIGHT) throw tooDeep();
  return height + 1;
}

export const NULL: Expression = { kind: 'null', height: 1 };

export const not = (operand: Expression, negated: boolean): Expression =>
  negated ? { kind: 'unary', operator: 'NOT', operand, height: heightOf(operand) } : operand;
