import type { LogState, RawEvent } from '../../binlog/index.ts';
import { Cursor } from '../../bytes/index.ts';
import type { RawTableMap } from './table-metadata.ts';

const FLAGS_BYTES = 2;
const cursor = new Cursor();

/** Takes a table map that could be decoded apart, without making anything of its parts. */
export function rawTableMap(event: RawEvent, log: LogState): RawTableMap {
  cursor.aim(event.bytes, event.bodyStart, event.bodyEnd);
  cursor.skip(log.tableIdBytes(event.type) + FLAGS_BYTES);
  for (let name = 0; name < 2; name += 1) cursor.skip(cursor.lenenc() + 1);
  const count = cursor.lenenc();
  const types = cursor.view(count);
  if (cursor.remaining === 0) {
    const none = Buffer.alloc(0);
    return { types, metadata: none, nullable: none, optional: none };
  }
  const metadata = cursor.view(cursor.lenenc());
  const nullable = cursor.view((count + 7) >> 3);
  return { types, metadata, nullable, optional: cursor.view(cursor.remaining) };
}
