import { RowlockError } from '../../../errors/index.ts';
import { MysqlGtidSet } from '../../../gtid/index.ts';
import { Literal } from '../../output/literal.ts';
import { DELIMITER } from '../print-state.ts';
import { holdEvent } from '../rows/statement.ts';
import type { EventPrinter } from './definition.ts';

/** In a comment every line begins as one, and what could be mistaken is spelled out. */
const commentEscapes: Readonly<Partial<Record<number, string>>> = {
  [0x00]: '\\0',
  [0x08]: '\\b',
  [0x09]: '\\t',
  [0x0a]: '\n# ',
  [0x0d]: '\\r',
  [0x5c]: '\\\\',
};

const NEWLINE = 0x0a;
const XID = new Literal('\tXid = ');
const COMMIT = new Literal(`COMMIT${DELIMITER}\n`);

export const printRotate: EventPrinter<'rotate'> = (state, event, body) => {
  const { out } = state;
  if (state.options.shortForm) return 'continue';
  state.flushHeld();
  state.header.print(out, event);
  out.text('\tRotate to ');
  out.bytes(body.nextFile);
  // The original prints it as a signed number.
  out.text(`  pos: ${BigInt.asIntN(64, body.position)}\n`);
  return 'continue';
};

export const printStop: EventPrinter<'stop'> = (state, event) => {
  if (state.options.shortForm) return 'continue';
  state.flushHeld();
  state.header.print(state.out, event);
  state.out.text('\tStop\n');
  return 'continue';
};

export const printXid: EventPrinter<'xid'> = (state, event, body) => {
  const { out } = state;
  state.inTransaction = false;
  state.skippedInTransaction = false;
  state.seenGtid = false;
  state.flushHeld();
  if (!state.options.shortForm) {
    state.header.print(out, event);
    out.literal(XID);
    out.number(body.xid);
    out.byte(NEWLINE);
  }
  out.literal(COMMIT);
  return 'continue';
};

export const printXaPrepare: EventPrinter<'xaPrepare'> = (state, event, body) => {
  const { out } = state;
  state.flushHeld();
  const hex = (part: Buffer): string => `X'${part.toString('hex')}'`;
  const xid = `${hex(body.globalId)},${hex(body.branchQualifier)},${body.formatId >>> 0}`;
  // Also under --short-form.
  state.header.print(out, event);
  out.text(`\tXA PREPARE ${xid}\n`);
  out.text(body.onePhase ? `XA COMMIT ${xid} ONE PHASE` : `XA PREPARE ${xid}`);
  out.text(`\n${DELIMITER}\n`);
  return 'continue';
};

export const printRowsQuery: EventPrinter<'rowsQuery'> = (state, event, body) => {
  const { out, options } = state;
  state.hasUnfinishedStatement = true;
  state.flushHeld();
  if (options.shortForm || options.verbose < 2) return 'continue';
  state.header.print(out, event);
  out.text('\tRows_query\n# ');
  for (const byte of body.statement) {
    const escape = commentEscapes[byte];
    if (escape === undefined) out.byte(byte);
    else out.text(escape);
  }
  out.text('\n');
  holdEvent(state, event);
  return 'continue';
};

export const printIncident: EventPrinter<'incident'> = (state, event, body) => {
  const { out } = state;
  if (state.options.shortForm) return 'continue';
  state.flushHeld();
  state.header.print(out, event);
  const name = body.incident === 0 ? 'NOTHING' : 'LOST_EVENTS';
  out.text(`\n# Incident: ${name}\nRELOAD DATABASE; # Shall generate syntax error\n`);
  return 'continue';
};

export const printIgnorable: EventPrinter<'ignorable'> = (state, event) => {
  const { out } = state;
  if (state.options.shortForm) return 'continue';
  state.flushHeld();
  state.header.print(out, event);
  out.text('\tIgnorable\n# Unrecognized ignorable event\n');
  return 'continue';
};

export const printPreviousGtids: EventPrinter<'previousGtids'> = (state, event, body) => {
  const { out, options } = state;
  if (options.database !== undefined && !options.skipGtids) {
    state.io.diagnose(
      'WARNING: The option --database has been used. It may filter parts of transactions, but will include the GTIDs in any case. If you want to exclude or include transactions, you should use the options --exclude-gtids or --include-gtids, respectively, instead.',
    );
  }
  let set: MysqlGtidSet;
  try {
    set = MysqlGtidSet.fromBytes(body.set);
  } catch (error) {
    if (!(error instanceof RowlockError)) throw error;
    state.flushHeld();
    state.io.diagnose('ERROR: Malformed GTID_set encoding.');
    return 'continue';
  }
  state.flushHeld();
  if (!options.shortForm) {
    state.header.print(out, event);
    out.text('\tPrevious-GTIDs\n');
  }
  out.text(set.isEmpty ? '# [empty]\n' : `# ${set.format(',\n').replaceAll('\n', '\n# ')}\n`);
  return 'continue';
};

export const printViewChange: EventPrinter<'viewChange'> = (state, event, body) => {
  const { out } = state;
  state.flushHeld();
  if (state.options.shortForm) return 'continue';
  state.header.print(out, event);
  const nul = body.viewId.indexOf(0);
  out.text('View_change_log_event: view_id=');
  out.bytes(body.viewId, 0, nul < 0 ? body.viewId.length : nul);
  out.text('\n');
  return 'continue';
};
