import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/**
 * Names the file that follows.
 *
 *   bytes  field
 *   8      position in the next file
 *   rest   name of the next file
 */
export interface Rotate {
  readonly kind: 'rotate';
  readonly position: bigint;
  readonly nextFile: Buffer;
}

export const rotate: EventDefinition<Rotate> = {
  kind: 'rotate',
  codes: [EventType.ROTATE_EVENT],
  postHeaderLength: 8,
  decode(cursor) {
    const position = cursor.u64();
    if (cursor.remaining === 0) throw new FormatError('a file without a name');
    return { kind: 'rotate', position, nextFile: cursor.view(cursor.remaining) };
  },
  encode(body, writer) {
    writer.u64(body.position);
    writer.bytes(body.nextFile);
  },
};
