import { type ErrorContext, RowlockError } from '../../errors/index.ts';
import { REQUIRE_ROW_FORMAT_ERRNO } from '../../guard/index.ts';
import type { Judgement } from '../../replication/index.ts';

/** A change that did not come as rows: its outcome is known to nobody but the source. */
export class NotRowsError extends RowlockError {
  constructor(what: string, context: ErrorContext) {
    super('TARGET_NOT_ROWS', `${what} cannot be applied: only row events can`, {
      context,
      hint:
        'Set binlog_format=ROW on the source. To go on without this transaction, pass over it: rowlock replicate --pass-over, with its GTID ' +
        'or this place; at a relay, and at a target that keeps GTIDs, an empty transaction of its name (SET GTID_NEXT).',
    });
  }
}

/** Whoever asked for rows only gets an event that may be more. */
export class RefusedEventError extends RowlockError {
  readonly errno: number = REQUIRE_ROW_FORMAT_ERRNO;

  constructor({ refusal, digest }: Judgement, context: ErrorContext) {
    const statement = digest === undefined ? '' : `; statement digest ${digest}`;
    super('TARGET_REFUSED', `not allowed with --require-row-format: ${refusal.sentence}${statement}`, {
      context,
    });
  }
}
