import { UsageError } from '../../errors/index.ts';

/** A value to be written that must be text, or a number to print. @throws UsageError for anything else */
export function givenText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw new UsageError(`a ${typeof value} is no value for a column that is text here`);
}
