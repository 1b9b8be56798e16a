import { FormatError } from '../../../errors/index.ts';

/** The log does not hold what undoing needs. The message says what, the hint how to go on. */
export class NotUndoable extends FormatError {
  constructor(message: string, hint: string) {
    super(message, { code: 'BINLOG_NOT_UNDOABLE', hint });
  }
}
