import {
  ChecksumAlgorithm,
  PayloadCompression,
  type RawEvent,
  type TransactionPayload,
} from '../../../binlog/index.ts';
import { RowlockError } from '../../../errors/index.ts';
import { type ChecksumMemory, PayloadEvents } from '../payload-events.ts';
import type { EventPrinter } from './definition.ts';

const compressionNames: Readonly<Record<number, string>> = {
  [PayloadCompression.ZSTD]: 'ZSTD',
  [PayloadCompression.NONE]: 'NONE',
};

/** Undefined where it does not inflate: the original finds that out before it prints anything of the transaction. */
function openPayload(
  body: TransactionPayload,
  event: RawEvent,
  memory: ChecksumMemory,
): PayloadEvents | undefined {
  try {
    return new PayloadEvents(body, event, memory);
  } catch (error) {
    if (!(error instanceof RowlockError)) throw error;
    return undefined;
  }
}

/** A compressed transaction: a line about it, and its events as if they stood in the log, all at the transaction's end. */
export const printTransactionPayload: EventPrinter<'transactionPayload'> = (state, event, body) => {
  const { out, header, options } = state;
  // The events in it get checksums of its own making, by an algorithm that it does not know.
  if ((state.log.format?.checksumAlgorithm ?? 0) > ChecksumAlgorithm.CRC32) {
    state.io.diagnose(
      'ERROR: Error decoding Payload_log_event: Event crc check failed! Most likely there is event corruption..',
    );
    return 'fail';
  }
  const events = openPayload(body, event, state.payloadMemory);
  if (events === undefined) {
    state.io.diagnose('ERROR: Payload_log_event corrupted: compression stream is corrupted.');
    return 'fail';
  }
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
    // The original goes on after an event in here that it refuses or that lies beyond the range, but not after one that is none.
    for (let inner = events.next(); inner !== undefined; inner = events.next()) {
      state.printEvent(inner);
      if (state.isPayloadBroken) return 'fail';
    }
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
