import { decodeBody, EventType, LogState, type RawEvent } from '../binlog/index.ts';

/** Where a source says that it is. */
export interface HeartbeatPlace {
  readonly file: string;
  readonly position: number;
  /** Whether the position is whole, or its low 32 bits. */
  readonly isWhole: boolean;
}

const anyLog = new LogState();
const POSITION_BYTES = 8;

/** What a heartbeat of either version says; undefined for any other event. */
export function heartbeatPlace(event: RawEvent): HeartbeatPlace | undefined {
  if (event.type === EventType.HEARTBEAT_LOG_EVENT_V2) {
    const body = decodeBody(event, anyLog);
    if (body.kind !== 'heartbeatV2') return undefined;
    return { file: body.file.toString(), position: Number(body.position), isWhole: true };
  }
  if (event.type !== EventType.HEARTBEAT_LOG_EVENT) return undefined;
  const { bytes, bodyStart, bodyEnd, logPos } = event;
  if (logPos !== 0 || bodyEnd - bodyStart <= POSITION_BYTES) {
    return { file: bytes.toString('utf8', bodyStart, bodyEnd), position: logPos, isWhole: false };
  }
  // MariaDB beyond 4 GiB.
  return {
    file: bytes.toString('utf8', bodyStart + POSITION_BYTES, bodyEnd),
    position: Number(bytes.readBigUInt64LE(bodyStart)),
    isWhole: true,
  };
}
