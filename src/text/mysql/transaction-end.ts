import { DELIMITER, type PrintState } from './print-state.ts';

/** Ends what is open in the printed text, so that it can run whole. */
export function writeTransactionEnd(state: PrintState): void {
  const { out, options } = state;
  if (state.inTransaction) {
    out.text(`ROLLBACK /* added by mysqlbinlog */ ${DELIMITER}\n`);
  } else if (state.seenGtid) {
    out.text(
      `BEGIN /*added by mysqlbinlog */ ${DELIMITER}\nROLLBACK /* added by mysqlbinlog */ ${DELIMITER}\n`,
    );
  }
  state.seenGtid = false;
  state.inTransaction = false;
  if (!options.skipGtids)
    out.text(`SET @@SESSION.GTID_NEXT= 'AUTOMATIC' /* added by mysqlbinlog */ ${DELIMITER}\n`);
}
