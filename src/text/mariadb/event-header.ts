import { EventType, HEADER_BYTES, type RawEvent } from '../../binlog/index.ts';
import { EventHeaderLine } from '../event-header.ts';
import type { TextOutput } from '../output/text-output.ts';
import type { LocalTime } from '../time/local-time.ts';
import { writeHexdump } from './hexdump.ts';

/** How events begin: `#261121  0:51:27 server id 1  end_log_pos 127 CRC32 0x65383654 `, and the hexdump. */
export class EventHeader {
  readonly #line: EventHeaderLine;
  readonly #hexdump: boolean;
  /**
   * The length of headers, which a format description that is printed tells. Without it `--hexdump` shows them among the other bytes
   * once more, but for a Rotate, whose header never changed.
   */
  headerBytes = 0;

  constructor(options: { readonly localTime: LocalTime; readonly hexdump: boolean }) {
    this.#line = new EventHeaderLine(options.localTime);
    this.#hexdump = options.hexdump;
  }

  /** As the format description in force says. */
  setChecksumAlgorithm(algorithm: number | undefined): void {
    this.#line.setChecksumAlgorithm(algorithm);
  }

  /**
   * `hexdumpFrom` is the position that the hexdump counts from; `checksum` the one to show where the event's bytes are not those
   * it came with, or null for none.
   */
  write(
    out: TextOutput,
    event: RawEvent,
    hexdumpFrom: number,
    checksum: number | null = event.hasChecksum ? event.checksum : null,
  ): void {
    this.#line.write(out, event.timestamp, event.serverId, event.logPos, checksum);
    if (this.#hexdump) {
      const headerBytes = event.type === EventType.ROTATE_EVENT ? HEADER_BYTES : this.headerBytes;
      writeHexdump(out, event, hexdumpFrom, headerBytes);
    }
  }
}
