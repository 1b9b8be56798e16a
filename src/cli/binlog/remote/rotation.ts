import type { RawEvent } from '../../../binlog/index.ts';

/** The position in the next file, before its name. */
const ROTATE_POSITION_BYTES = 8;

/** Made by the source for this conversation; it stands in no log. */
export function isArtificial(event: RawEvent): boolean {
  return event.timestamp === 0;
}

/** The file a ROTATE_EVENT names. */
export function nextFile(event: RawEvent): string {
  return event.bytes.toString('utf8', event.bodyStart + ROTATE_POSITION_BYTES, event.bodyEnd);
}
