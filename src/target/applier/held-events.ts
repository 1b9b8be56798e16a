import { CHECKSUM_BYTES, LENGTH_AT, type RawEvent } from '../../binlog/index.ts';
import type { SelectedEvents } from '../../replication/index.ts';

/** Events of a transaction that filters have let through, until they are applied. */
export class HeldEvents implements SelectedEvents {
  readonly slabs: Buffer[] = [];
  readonly starts: number[] = [];
  /** Where the events stood in the source's log. */
  readonly positions: number[] = [];
  bytes = 0;
  /** Of the event that is being looked at. */
  position = 0;

  get count(): number {
    return this.slabs.length;
  }

  add({ bytes, start, bodyEnd }: RawEvent): void {
    const length = bodyEnd - start + CHECKSUM_BYTES;
    const copy = Buffer.allocUnsafe(length);
    bytes.copy(copy, 0, start, bodyEnd);
    copy.writeUInt32LE(length, LENGTH_AT);
    this.addBytes(copy);
  }

  addBytes(bytes: Buffer): void {
    this.slabs.push(bytes);
    this.starts.push(0);
    this.positions.push(this.position);
    this.bytes += bytes.length;
  }

  /** Aims `event` at one of them. Their checksums are room, nothing else. */
  aim(event: RawEvent, index: number): void {
    const bytes = this.slabs[index]!;
    event.aim(bytes, 0, bytes.length, this.positions[index]!, true);
  }

  clear(): void {
    this.slabs.length = 0;
    this.starts.length = 0;
    this.positions.length = 0;
    this.bytes = 0;
  }
}
