import type {
  AnnotateRows,
  BinlogCheckpoint,
  EventBody,
  FormatDescription,
  Incident,
  RawEvent,
  Rotate,
  StartEncryption,
  Xid,
} from '../../binlog/index.ts';
import { ChecksumAlgorithm, EventFlag, HEADER_BYTES, shownEventType } from '../../binlog/index.ts';
import { END } from '../delimiter.ts';
import { writeMoment } from '../event-header.ts';
import { writeBase64Lines } from '../output/base64.ts';
import { Literal } from '../output/literal.ts';
import type { TextOutput } from '../output/text-output.ts';
import { isPassedOver } from './accepted-types.ts';
import { encryptedBody } from './body-reader.ts';
import type { PrintState } from './print-state.ts';

/** Events that speak of the log itself. */

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const XID = new Literal('\tXid = ');
const COMMIT = new Literal(`COMMIT${END}`);
const START = new Literal(`START TRANSACTION${END}`);
const ANNOTATION = new Literal('\tAnnotate_rows:\n');
const STATEMENT = new Literal('#Q> ');

export function writeFormatDescription(state: PrintState, event: RawEvent, body: FormatDescription): void {
  const { out, options } = state;
  state.header.headerBytes = HEADER_BYTES;
  if (!options.shortForm) {
    // Where events have no checksums, that of the format description is there but not shown.
    const hasChecksums = event.hasChecksum && body.checksumAlgorithm !== ChecksumAlgorithm.OFF;
    state.header.write(out, event, state.position, hasChecksums ? event.checksum : null);
    out.text(`\tStart: binlog v ${body.binlogVersion}, server v ${body.serverVersion} created `);
    writeMoment(out, options.localTime, event.timestamp);
    if (body.createTimestamp !== 0) out.text(' at startup');
    out.byte(0x0a);
    if (event.hasFlag(EventFlag.BINLOG_IN_USE)) {
      out.text('# Warning: this binlog is either in use or was not closed properly.\n');
    }
  }
  if (body.createTimestamp !== 0 && !event.hasFlag(EventFlag.ARTIFICIAL)) {
    out.text(`ROLLBACK${END}`);
  }
  if (!state.printsBase64) return;
  out.text("BINLOG '\n");
  writeBase64Lines(out, event.bytes, event.start, event.end);
  out.text(`'${END}`);
}

export function writeRotate(state: PrintState, event: RawEvent, body: Rotate): void {
  const { out } = state;
  if (state.options.shortForm) return;
  state.writeHeader(event);
  out.text('\tRotate to ');
  out.bytes(body.nextFile);
  out.text(`  pos: ${body.position}\n`);
}

export function writeStop(state: PrintState, event: RawEvent): void {
  if (state.options.shortForm) return;
  state.writeHeader(event);
  state.out.text('\tStop\n');
}

export function writeXidEvent(state: PrintState, event: RawEvent, body: Xid): void {
  const { out, options } = state;
  if (!options.shortForm) {
    state.writeHeader(event);
    out.literal(XID);
    out.number(body.xid);
    out.byte(NEWLINE);
  }
  out.literal(options.flashback ? START : COMMIT);
}

export function writeCheckpoint(state: PrintState, event: RawEvent, body: BinlogCheckpoint): void {
  const { out } = state;
  if (state.options.shortForm) return;
  state.writeHeader(event);
  out.text('\tBinlog checkpoint ');
  out.bytes(body.file);
  out.byte(0x0a);
}

const incidentNames = ['NOTHING', 'LOST_EVENTS'] as const;

export function writeIncident(state: PrintState, event: RawEvent, body: Incident): void {
  const { out } = state;
  if (state.options.shortForm) return;
  state.writeHeader(event);
  out.text(`\n# Incident: ${incidentNames[body.incident] ?? ''}\n`);
  out.text('RELOAD DATABASE; # Shall generate syntax error\n');
}

/** What follows cannot be read without the server's key. */
export function writeStartEncryption(state: PrintState, body: StartEncryption): void {
  state.out.text(
    `# Encryption scheme: ${body.scheme}, key_version: ${body.keyVersion}, nonce: ${body.nonce.toString('hex')}\n` +
      '# The rest of the binlog is encrypted!\n',
  );
}

export function writeUnknown(state: PrintState, event: RawEvent, body: EventBody): void {
  if (state.options.shortForm) return;
  if (body === encryptedBody) {
    state.out.text('# Encrypted event\n');
    return;
  }
  if (isPassedOver(event, state.log)) {
    state.writeHeader(event);
    state.out.text(
      `\tIgnorable\n# Ignorable event type ${event.type} (${shownEventType(event.type, 'mariadb')})\n`,
    );
    return;
  }
  const stale = state.options.compat === 'exact' ? state.staleChecksum : null;
  if (stale !== null && event.hasChecksum) state.header.write(state.out, event, state.position, stale);
  else state.writeHeader(event);
  state.out.text('\n# Unknown event\n');
}

/** The statement behind rows, a comment line for each of its lines that is not empty. */
export function writeAnnotateRows(
  state: PrintState,
  out: TextOutput,
  event: RawEvent,
  body: AnnotateRows,
): void {
  if (state.options.shortForm) {
    out.text('# Annotate_rows:\n');
  } else {
    state.header.write(out, event, state.position);
    out.literal(ANNOTATION);
  }
  const { statement } = body;
  const end = statement.length;
  for (let at = 0; at < end; ) {
    while (at < end && (statement[at] === NEWLINE || statement[at] === RETURN)) at += 1;
    const start = at;
    while (at < end && statement[at] !== NEWLINE && statement[at] !== RETURN) at += 1;
    out.literal(STATEMENT);
    out.bytes(statement, start, at);
    out.byte(NEWLINE);
  }
}
