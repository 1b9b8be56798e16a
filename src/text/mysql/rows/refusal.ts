import { EventType, type RawEvent } from '../../../binlog/index.ts';
import type { PrintState } from '../print-state.ts';

/** The original's own names of events, where its messages use them. */
const names: Readonly<Record<number, string>> = {
  [EventType.TABLE_MAP_EVENT]: 'Table_map',
  [EventType.ROWS_QUERY_LOG_EVENT]: 'Rows_query',
  [EventType.WRITE_ROWS_EVENT_V1]: 'Write_rows_v1',
  [EventType.UPDATE_ROWS_EVENT_V1]: 'Update_rows_v1',
  [EventType.DELETE_ROWS_EVENT_V1]: 'Delete_rows_v1',
  [EventType.WRITE_ROWS_EVENT]: 'Write_rows',
  [EventType.UPDATE_ROWS_EVENT]: 'Update_rows',
  [EventType.DELETE_ROWS_EVENT]: 'Delete_rows',
  [EventType.PARTIAL_UPDATE_ROWS_EVENT]: 'Update_rows_partial',
};

/**
 * Rows are replayed from base64, which a server takes only after a format description in base64. Says so and returns true
 * where none was printed, unless rows are not printed in base64 at all.
 */
export function refuseWithoutFormatDescription(state: PrintState, event: RawEvent): boolean {
  const { base64Output, shortForm } = state.options;
  if (state.printedFormatDescription || shortForm || base64Output === 'decode-rows') return false;
  const name = names[event.type] ?? event.name;
  state.io.diagnose(
    base64Output === 'never'
      ? `ERROR: --base64-output=never specified, but binlog contains a ${name} event which must be printed in base64.`
      : `ERROR: malformed binlog: it does not contain any Format_description_log_event. I now found a ${name} event, which is not safe to process without a Format_description_log_event.`,
  );
  return true;
}
