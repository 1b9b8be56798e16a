import { type ErrorContext, RowlockError } from '../errors/index.ts';

/** A change that did not come as rows: its outcome is known to nobody but the source. */
export class NotRowsError extends RowlockError {
  constructor(what: string, context: ErrorContext) {
    super('TARGET_NOT_ROWS', `${what} cannot be applied: only row events can`, {
      context,
      hint: 'Set binlog_format=ROW on the source, and begin behind this transaction.',
    });
  }
}
