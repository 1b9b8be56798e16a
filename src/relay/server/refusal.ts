import type { Refusal } from '../../connection/index.ts';
import { ProtocolError, RowlockError, ServerError } from '../../errors/index.ts';

/** What the client is told of an error; undefined: nothing it could understand. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof ServerError) return error;
  if (error instanceof ProtocolError)
    return { errno: 1835, sqlState: 'HY000', message: 'Malformed communication packet.' };
  if (error instanceof RowlockError) return { errno: 1105, sqlState: 'HY000', message: error.describe() };
  return undefined;
}
