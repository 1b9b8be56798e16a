import { DELIMITER, type PrintState } from './print-state.ts';
import { writeTransactionEnd } from './transaction-end.ts';

/** What stands before the first event: the session in which the text is to run. */
export function writeOpeningFrame(state: PrintState): void {
  const { out, options } = state;
  out.text(
    '# The proper term is pseudo_replica_mode, but we use this compatibility alias\n' +
      '# to make the statement usable on server versions 8.0.24 and older.\n' +
      '/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=1*/;\n',
  );
  if (options.disableLogBin) out.text('/*!32316 SET @OLD_SQL_LOG_BIN=@@SQL_LOG_BIN, SQL_LOG_BIN=0*/;\n');
  out.text('/*!50003 SET @OLD_COMPLETION_TYPE=@@COMPLETION_TYPE,COMPLETION_TYPE=0*/;\n');
  if (options.setCharset !== undefined) {
    out.text(
      '\n/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;\n' +
        '/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;\n' +
        '/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;\n',
    );
    // The user's text may hold any character.
    out.bytes(Buffer.from(`/*!40101 SET NAMES ${options.setCharset} */;\n`));
  }
  if (options.idempotent) out.text('/*!50700 SET @@SESSION.RBR_EXEC_MODE=IDEMPOTENT*/;\n\n');
  if (options.requireRowFormat !== 'off') out.text('/*!80019 SET @@SESSION.REQUIRE_ROW_FORMAT=1*/;\n\n');
  out.text(`DELIMITER ${DELIMITER}\n`);
}

/** What stands behind the last event, after an error too. */
export function writeClosingFrame(state: PrintState): void {
  const { out, options } = state;
  if (state.skippedInTransaction) out.text(`COMMIT /* added by mysqlbinlog */${DELIMITER}\n`);
  writeTransactionEnd(state);
  out.text('DELIMITER ;\n# End of log file\n/*!50003 SET COMPLETION_TYPE=@OLD_COMPLETION_TYPE*/;\n');
  if (options.disableLogBin) out.text('/*!32316 SET SQL_LOG_BIN=@OLD_SQL_LOG_BIN*/;\n');
  if (options.setCharset !== undefined) {
    out.text(
      '/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;\n' +
        '/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;\n' +
        '/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;\n',
    );
  }
  out.text('/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=0*/;\n');
  if (options.idempotent) out.text('/*!50700 SET @@SESSION.RBR_EXEC_MODE=STRICT*/;\n');
}

const PARTIAL_STATEMENT =
  'This might be because the last statement was not fully written to the log, or because you are using a --stop-position or --stop-datetime that refers to an event in the middle of a statement. The event(s) from the partial statement have not been written to output.';

/** Warns of a statement whose beginning was read and whose end was not. */
export function warnOfUnfinishedStatement(state: PrintState): void {
  if (state.heldValues.length > 0) {
    // The blank at the end is the original's.
    state.io.diagnose(
      `WARNING: The range of printed events ends with an Intvar_event, Rand_event or User_var_event with no matching Query_log_event. ${PARTIAL_STATEMENT} `,
    );
  }
  if (state.hasUnfinishedStatement) {
    state.io.diagnose(
      `WARNING: The range of printed events ends with a row event or a table map event that does not have the STMT_END_F flag set. ${PARTIAL_STATEMENT}`,
    );
  }
}
