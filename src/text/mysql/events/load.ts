import type { AppendBlock, BeginLoadQuery, ExecuteLoadQuery, RawEvent } from '../../../binlog/index.ts';
import { LoadDuplicates } from '../../../binlog/index.ts';
import { RowlockError } from '../../../errors/index.ts';
import type { PrintVerdict } from '../../log-printer.ts';
import { DELIMITER, type PrintState } from '../print-state.ts';
import { writeSessionSettings } from '../session-settings.ts';
import type { EventPrinter } from './definition.ts';

const titles = { beginLoadQuery: 'Begin_load_query', appendBlock: 'Append_block' } as const;

function printBlock(state: PrintState, event: RawEvent, body: BeginLoadQuery | AppendBlock): void {
  if (state.options.shortForm) return;
  const { out } = state;
  state.flushHeld();
  state.header.print(out, event);
  // The original prints the number as a signed one here, and nowhere else.
  out.text(`\n#${titles[body.kind]}: file_id: ${body.fileId | 0}  block_len: ${body.data.length}\n`);
}

/** What the original does where a file cannot be made or written: its own line, then the end. */
function withFiles(state: PrintState, work: () => void): PrintVerdict {
  try {
    work();
    return 'continue';
  } catch (error) {
    if (!(error instanceof RowlockError) && !(error instanceof Error && 'syscall' in error)) throw error;
    state.io.diagnose(`ERROR: ${error.message}`);
    return 'fail';
  }
}

export const printBeginLoadQuery: EventPrinter<'beginLoadQuery'> = (state, event, body) => {
  // Of a block that cannot be kept the original prints nothing.
  return withFiles(state, () => {
    const { loadFiles } = state.io;
    state.loadPaths.set(body.fileId, loadFiles.create(body.fileId, ''));
    loadFiles.append(body.fileId, body.data);
    printBlock(state, event, body);
  });
};

export const printAppendBlock: EventPrinter<'appendBlock'> = (state, event, body) => {
  printBlock(state, event, body);
  // A block whose beginning was not printed is of no use.
  if (!state.loadPaths.has(body.fileId)) {
    state.io.diagnose(
      `WARNING: Ignoring Append_block as there is no Begin_load_query_log_event for file_id: ${body.fileId}`,
    );
    return 'continue';
  }
  return withFiles(state, () => state.io.loadFiles.append(body.fileId, body.data));
};

export const printDeleteFile: EventPrinter<'deleteFile'> = (state, event, body) => {
  const { out } = state;
  if (state.options.shortForm) return 'continue';
  state.flushHeld();
  state.header.print(out, event);
  out.text(`\n#Delete_file: file_id=${body.fileId}\n`);
  return 'continue';
};

/** A client's file implies IGNORE. */
const duplicateWords: Readonly<Record<number, string>> = {
  [LoadDuplicates.REPLACE]: ' REPLACE',
};

function writeStatement(state: PrintState, body: ExecuteLoadQuery, path: string): void {
  const { out } = state;
  const { statement, nameStart, nameEnd } = body;
  out.bytes(statement, 0, nameStart);
  out.text(" LOCAL INFILE '");
  out.bytes(Buffer.from(path, 'utf8'));
  out.text("'");
  out.text(duplicateWords[body.duplicates] ?? '');
  out.text(' INTO');
  out.bytes(statement, nameEnd, statement.length);
  out.text(`\n${DELIMITER}\n`);
}

export const printExecuteLoadQuery: EventPrinter<'executeLoadQuery'> = (state, event, body) => {
  const { out, options } = state;
  const path = state.loadPaths.get(body.fileId);
  state.loadPaths.delete(body.fileId);
  if (state.skipsDatabase(body.schema)) {
    state.skippedInTransaction = true;
    state.flushHeld();
    return 'continue';
  }
  if (path === undefined) {
    state.io.diagnose(
      `WARNING: Ignoring Execute_load_query since there is no Begin_load_query event for file_id: ${body.fileId}`,
    );
    state.flushHeld();
    return 'continue';
  }
  state.flushHeld();
  if (!options.shortForm) {
    state.header.print(out, event);
    out.text(
      `\tExecute_load_query\tthread_id=${body.threadId}\texec_time=${body.executionSeconds}\terror_code=${body.errorCode}\n`,
    );
  }
  writeSessionSettings(state, out, event, body);
  writeStatement(state, body, path);
  if (!options.shortForm) out.text(`# file_id: ${body.fileId} \n`);
  return 'continue';
};
