import { Literal } from '../../output/literal.ts';
import { printHeldValues } from '../held-values.ts';
import { DELIMITER } from '../print-state.ts';
import { writeSessionSettings } from '../session-settings.ts';
import { endsGroup, isTransactionKeyword, startsGroup } from '../statement-kind.ts';
import type { EventPrinter } from './definition.ts';

const NEWLINE = 0x0a;
const THREAD = new Literal('\tQuery\tthread_id=');
const EXECUTION = new Literal('\texec_time=');
const ERROR = new Literal('\terror_code=');
const END_OF_STATEMENT = new Literal(`\n${DELIMITER}\n`);

export const printQuery: EventPrinter<'query'> = (state, event, body) => {
  const { out, options } = state;
  const { statement } = body;
  const skipped = !isTransactionKeyword(statement) && state.skipsDatabase(body.schema);
  printHeldValues(state, !skipped);
  const ends = endsGroup(statement);
  const starts = startsGroup(statement);
  if (skipped) {
    if (state.seenGtid && !state.inTransaction) out.text(`COMMIT /* added by mysqlbinlog */${DELIMITER}\n`);
    else state.skippedInTransaction = true;
    state.seenGtid = false;
    return 'continue';
  }
  if (ends) {
    state.inTransaction = false;
    state.skippedInTransaction = false;
  } else if (starts) state.inTransaction = true;
  state.seenGtid = false;
  state.flushHeld();
  if (!options.shortForm) {
    state.header.print(out, event);
    out.literal(THREAD);
    out.integer(body.threadId);
    out.literal(EXECUTION);
    out.integer(body.executionSeconds);
    out.literal(ERROR);
    out.integer(body.errorCode);
    if (body.status.ddlXid !== undefined) {
      out.text('\tXid = ');
      out.bigint(body.status.ddlXid);
    }
    out.byte(NEWLINE);
  }
  writeSessionSettings(state, out, event, body);
  out.bytes(statement);
  out.literal(END_OF_STATEMENT);
  return 'continue';
};
