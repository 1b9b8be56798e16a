import type { RawEvent } from '../../../binlog/index.ts';
import { writeBase64Lines } from '../../base64.ts';
import type { TextOutput } from '../../text-output.ts';
import { DELIMITER, type PrintState } from '../print-state.ts';

/** Adds an event to a statement's BINLOG block: `out` is the block so far if `begun`, and the block ends if `ends`. */
export function writeBinlogBlock(
  state: PrintState,
  out: TextOutput,
  event: RawEvent,
  begun: boolean,
  ends: boolean,
): void {
  if (state.options.base64Output === 'decode-rows') return;
  if (!begun) out.text("\nBINLOG '\n");
  writeBase64Lines(out, event.bytes, event.start, event.end);
  if (ends) out.text(`'${DELIMITER}\n`);
}
