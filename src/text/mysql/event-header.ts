import type { RawEvent } from '../../binlog/index.ts';
import { EventHeaderLine } from '../event-header.ts';
import type { TextOutput } from '../output/text-output.ts';
import type { PrintOptions } from '../print-options.ts';
import { writeHexdump } from './hexdump.ts';

/** The bits of a server id that count. */
export function serverIdMask({ serverIdBits }: PrintOptions): number {
  return serverIdBits >= 32 ? 0xffff_ffff : 2 ** serverIdBits - 1;
}

/** The line that every event begins with, and the hexdump that may follow it. */
export class EventHeaderPrinter {
  /** `--hexdump` counts from here: the event's position, or its transaction's inside a compressed one. */
  hexdumpFrom = 0;
  /** Whether a format description said how long headers are: before one, the original shows them as it shows bodies. */
  knowsHeaders = false;
  /** What the header claims as end of the event; the transaction's inside a compressed one. */
  endPosition: number | undefined = undefined;
  readonly #line: EventHeaderLine;
  readonly #hexdump: boolean;
  /** `--server-id-bits`: the others are the user's own and are not shown. */
  readonly #serverIdMask: number;

  constructor(options: PrintOptions) {
    this.#line = new EventHeaderLine(options.localTime);
    this.#hexdump = options.hexdump;
    this.#serverIdMask = serverIdMask(options);
  }

  /** As the format description in force says. */
  setChecksumAlgorithm(algorithm: number | undefined): void {
    this.#line.setChecksumAlgorithm(algorithm);
  }

  /** `#261121  0:51:27 server id 1  end_log_pos 127 CRC32 0x65383654 `, and with `--hexdump` the lines and `# `. */
  print(out: TextOutput, event: RawEvent, showChecksum = true): void {
    const { timestamp, serverId, logPos } = event;
    const id = (serverId & this.#serverIdMask) >>> 0;
    const checksum = event.hasChecksum && showChecksum ? event.checksum : null;
    this.#line.write(out, timestamp, id, this.endPosition ?? logPos, checksum);
    if (this.#hexdump) writeHexdump(out, event, this.hexdumpFrom, this.knowsHeaders);
  }
}
