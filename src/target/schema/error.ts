import { type ErrorContext, RowlockError } from '../../errors/index.ts';

/** A definition that cannot be followed, or rows that do not fit the table known. */
export class CatalogError extends RowlockError {
  constructor(message: string, options: { cause?: unknown; hint?: string; context?: ErrorContext } = {}) {
    super('TARGET_SCHEMA', message, options);
  }
}
