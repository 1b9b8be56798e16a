import { printHeldValues } from '../held-values.ts';
import { DELIMITER } from '../print-state.ts';
import { writeSessionSettings } from '../session-settings.ts';
import { endsGroup, isTransactionKeyword, startsGroup } from '../statement-kind.ts';
import type { EventPrinter } from './definition.ts';

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
    out.text('\tQuery\tthread_id=');
    out.integer(body.threadId);
    out.text('\texec_time=');
    out.integer(body.executionSeconds);
    out.text('\terror_code=');
    out.integer(body.errorCode);
    if (body.status.ddlXid !== undefined) {
      out.text('\tXid = ');
      out.bigint(body.status.ddlXid);
    }
    out.text('\n');
  }
  writeSessionSettings(state, out, event, body);
  out.bytes(statement);
  out.text(`\n${DELIMITER}\n`);
  return 'continue';
};
