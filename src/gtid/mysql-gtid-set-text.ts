import { addInterval, type Intervals } from './intervals.ts';
import { isDigit, MarkedText } from './marked-text.ts';
import { GNO_END } from './mysql-gtid.ts';
import { scanTag } from './tag.ts';
import { formatUuidKey, scanUuid, UUID_BYTES } from './uuid.ts';

/**
 * `set = [item] {"," [item]}` · `item = uuid {":" (tag | interval)}` · `interval = n ["-" m]`
 *
 * A tag holds for the intervals after it, up to the next tag of the item. Spaces are free between tokens, items may be
 * empty, and an interval that ends before it starts is nothing rather than an error.
 */

const COMMA = 0x2c;
const COLON = 0x3a;
const DASH = 0x2d;

/** Intervals by uuid key followed by tag: sorted by that key, entries come in the server's order. */
export type GtidEntries = Map<string, Intervals>;

/** Reads a GTID set. Throws {@link UsageError} with the sentence MySQL 9.7 prints. */
export function parseGtidEntries(text: string): GtidEntries {
  const entries: GtidEntries = new Map();
  const marked = new MarkedText(text);
  for (;;) {
    marked.skipSpace();
    if (!marked.atEnd && marked.peek() !== COMMA) scanItem(marked, entries);
    if (marked.atEnd) return entries;
    marked.expect(COMMA);
  }
}

function scanItem(marked: MarkedText, entries: GtidEntries): void {
  const uuid = scanUuid(marked);
  let key: string = uuid;
  marked.skipSpace();
  while (marked.accept(COLON)) {
    marked.skipSpace();
    const tag = isDigit(marked.peek()) ? undefined : scanTag(marked);
    if (tag === undefined) scanInterval(marked, key, entries);
    else key = uuid + tag;
    marked.skipSpace();
  }
}

function scanInterval(marked: MarkedText, key: string, entries: GtidEntries): void {
  const at = marked.position;
  const first = marked.number();
  if (first < 1n || first >= GNO_END) throw marked.errorAt(at, 'Interval start out of range');
  let last = first;
  marked.skipSpace();
  if (marked.accept(DASH)) {
    marked.skipSpace();
    last = marked.number();
    marked.skipSpace();
    if (last >= GNO_END) throw marked.error('Interval end out of range');
  }
  if (last < first) return;
  let intervals = entries.get(key);
  if (intervals === undefined) entries.set(key, (intervals = []));
  addInterval(intervals, first, last + 1n);
}

/** The canonical text: uuids ascending, a uuid's untagged intervals first and then its tags, ascending. */
export function formatGtidEntries(sorted: Iterable<[string, Intervals]>, separator: string): string {
  let text = '';
  let uuid = '';
  for (const [key, intervals] of sorted) {
    const entryUuid = key.slice(0, UUID_BYTES);
    if (entryUuid !== uuid) {
      if (text !== '') text += separator;
      text += formatUuidKey(entryUuid);
      uuid = entryUuid;
    }
    if (key.length > UUID_BYTES) text += `:${key.slice(UUID_BYTES)}`;
    for (let i = 0; i < intervals.length; i += 2) {
      const start = intervals[i]!;
      const last = intervals[i + 1]! - 1n;
      text += start === last ? `:${start}` : `:${start}-${last}`;
    }
  }
  return text;
}
