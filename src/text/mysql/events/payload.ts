import { PayloadCompression } from '../../../binlog/index.ts';
import { RowlockError } from '../../../errors/index.ts';
import { PayloadEvents } from '../payload-events.ts';
import type { EventPrinter } from './definition.ts';

const compressionNames: Readonly<Record<number, string>> = {
  [PayloadCompression.ZSTD]: 'ZSTD',
  [PayloadCompression.NONE]: 'NONE',
};

/** A compressed transaction: a line about it, and its events as if they stood in the log, all at the transaction's end. */
export const printTransactionPayload: EventPrinter<'transactionPayload'> = (state, event, body) => {
  const { out, header, options } = state;
  state.flushHeld();
  if (!options.shortForm) {
    header.print(out, event);
    out.text(
      `\tTransaction_Payload\t\tpayload_size=${body.payloadSize}\tcompression_type=${compressionNames[body.compressionType] ?? 'INVALID'}\tuncompressed_size=${body.uncompressedSize}\n`,
    );
    out.text('# Start of compressed events.\n');
  }
  const position = event.logPos;
  header.endPosition = position;
  state.payloadPosition = position;
  try {
    // The original goes on after an event in here that it refuses or that lies beyond the range.
    const events = new PayloadEvents(body, event);
    for (let inner = events.next(); inner !== undefined; inner = events.next()) state.printEvent(inner);
  } catch (error) {
    if (!(error instanceof RowlockError)) throw error;
    state.diagnoseBadEvent(event, error.message);
    return 'fail';
  } finally {
    header.endPosition = undefined;
    state.payloadPosition = undefined;
  }
  if (!options.shortForm) out.text('# End of compressed events.\n');
  return 'continue';
};
