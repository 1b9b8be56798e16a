import { TableMapFlag } from '../../../binlog/index.ts';
import { writeIdentifierRaw } from '../../output/identifier.ts';
import { UNDEFINED_SERVER_VERSION } from '../print-state.ts';
import { rawTableMap } from '../raw-table-map.ts';
import { holdEvent } from '../rows/statement.ts';
import { writeTableMetadata } from '../table-metadata.ts';
import type { EventPrinter } from './definition.ts';

/** From this version on the log says whether the server made the table's primary key itself. */
const GENERATED_KEY_VERSION = 80_030;

export const printTableMap: EventPrinter<'tableMap'> = (state, event, body) => {
  const { out, options } = state;
  if (state.skipsDatabase(body.schema)) {
    state.skippedInTransaction = true;
    state.ignoredTables.add(body.tableId);
    return 'continue';
  }
  state.hasUnfinishedStatement = true;
  if (options.shortForm) return 'continue';
  state.flushHeld();
  state.header.print(out, event);
  out.text('\tTable_map: ');
  writeIdentifierRaw(out, body.schema);
  out.text('.');
  writeIdentifierRaw(out, body.table);
  out.text(' mapped to number ');
  out.integer(body.tableId);
  out.text('\n');
  const hasGeneratedKey = (body.flags & TableMapFlag.GENERATED_INVISIBLE_PRIMARY_KEY) !== 0;
  const version = state.immediateServerVersion;
  if (version >= GENERATED_KEY_VERSION && version !== UNDEFINED_SERVER_VERSION) {
    out.text('# has_generated_invisible_primary_key=');
    out.text(hasGeneratedKey ? '1\n' : '0\n');
  }
  if (options.printTableMetadata) writeTableMetadata(out, rawTableMap(event, state.log), hasGeneratedKey);
  holdEvent(state, event);
  return 'continue';
};
