import type { DumpFacts } from './dump-facts.ts';
import { endsEarly } from './dump-scanner.ts';
import type { DumpWindow } from './dump-window.ts';
import { type InsertHead, readInsertHead } from './insert-head.ts';
import type { RowValues } from './row-values.ts';

/** What stands before the rows of the INSERT at hand; the window is at the first row then. */
export async function insertHead(window: DumpWindow, { flavor, charset }: DumpFacts): Promise<InsertHead> {
  for (;;) {
    const head = readInsertHead(window.bytes.subarray(window.at, window.end), flavor, charset ?? 'utf8mb4');
    if (head !== undefined) {
      window.to(window.at + head.length);
      return head;
    }
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    if (!(await window.more())) throw endsEarly();
  }
}

const COMMA = 0x2c;
const OPEN = 0x28;

/** Reads the row at hand, and stands at the next one, or behind the last. False: there is none. */
export async function nextRow(window: DumpWindow, row: RowValues): Promise<boolean> {
  if (window.bytes[window.at] !== OPEN || window.at >= window.end) return false;
  for (;;) {
    const end = row.read(window.bytes, window.at, window.end);
    const next = end < 0 ? -1 : afterRow(window, end);
    if (next >= 0) {
      window.to(next);
      return true;
    }
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    if (await window.more()) continue;
    throw endsEarly();
  }
}

/** The next parenthesis, or what stands instead of the comma; −1: nothing yet. */
function afterRow({ bytes, end }: DumpWindow, from: number): number {
  let at = from;
  const skip = (): void => {
    while (at < end && (bytes[at] === 0x20 || (bytes[at]! >= 0x09 && bytes[at]! <= 0x0d))) at += 1;
  };
  skip();
  if (at >= end) return -1;
  if (bytes[at] !== COMMA) return at;
  at += 1;
  skip();
  return at >= end ? -1 : at;
}
