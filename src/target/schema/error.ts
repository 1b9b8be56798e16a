import { type ErrorContext, RowlockError } from '../../errors/index.ts';

/** ER_REPLICA_CONVERSION_FAILED: what an applier of MySQL says of rows that do not fit their table. */
const CONVERSION_FAILED = 1677;

/** A definition that cannot be followed, or rows that do not fit the table known. */
export class CatalogError extends RowlockError {
  /** The server's number for it. */
  readonly errno: number;

  constructor(
    message: string,
    options: { cause?: unknown; hint?: string; context?: ErrorContext; errno?: number } = {},
  ) {
    super('TARGET_SCHEMA', message, options);
    this.errno = options.errno ?? CONVERSION_FAILED;
  }
}
