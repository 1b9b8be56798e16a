/** Bounds on what an untrusted peer may announce. All in bytes unless named otherwise. */
export interface WireLimits {
  /** One packet after its frames are joined. */
  readonly packet: number;
}

/** One frame carries at most this; a longer packet continues in the next frame (`MAX_PACKET_LENGTH`). */
export const MAX_FRAME = 0xff_ffff;

/** The protocol's own ceiling: `max_allowed_packet` cannot be set higher than 1 GiB, and an event adds one byte. */
export const SESSION_LIMITS: WireLimits = { packet: 0x4000_0000 + 0x1_0000 };

/** Before authentication nothing legitimate is larger: connection attributes end at 64 KiB, keys are a few KiB. */
export const HANDSHAKE_LIMITS: WireLimits = { packet: 0x4_0000 };

/** Columns in one result set: MySQL ends at 4096, MariaDB too; prepared statements at 65535 parameters. */
export const MAX_COLUMNS = 0xffff;
