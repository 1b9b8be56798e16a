import type { RawEvent } from '../../../binlog/index.ts';
import { writeBase64Lines } from '../../output/base64.ts';
import { Literal } from '../../output/literal.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { DELIMITER } from '../print-state.ts';

const BEGIN = new Literal("\nBINLOG '\n");
const END = new Literal(`'${DELIMITER}\n`);

/** What a server can replay: events of a statement in base64, between these. */
export function beginBinlogBlock(out: TextOutput): void {
  out.literal(BEGIN);
}

export function writeBinlogEvent(out: TextOutput, event: RawEvent): void {
  writeBase64Lines(out, event.bytes, event.start, event.end);
}

export function endBinlogBlock(out: TextOutput): void {
  out.literal(END);
}
