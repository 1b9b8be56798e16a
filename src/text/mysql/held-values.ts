import { decodeBody, type RawEvent } from '../../binlog/index.ts';
import { type HeldValueBody, printValue } from './events/session-values.ts';
import type { PrintState } from './print-state.ts';

export function holdValue(state: PrintState, event: RawEvent): void {
  const { hexdumpFrom, endPosition } = state.header;
  state.heldValues.push({ event: event.keep(), hexdumpFrom, endPosition });
}

/** Prints or drops what was held for the statement that comes now. */
export function printHeldValues(state: PrintState, print: boolean): void {
  const { heldValues, header } = state;
  if (heldValues.length === 0) return;
  if (print) {
    const { hexdumpFrom, endPosition } = header;
    state.flushHeld();
    for (const held of heldValues) {
      header.hexdumpFrom = held.hexdumpFrom;
      header.endPosition = held.endPosition;
      printValue(state, held.event, decodeBody(held.event, state.log) as HeldValueBody);
    }
    header.hexdumpFrom = hexdumpFrom;
    header.endPosition = endPosition;
  }
  heldValues.length = 0;
}
