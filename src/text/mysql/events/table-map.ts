import { type TableMap, TableMapFlag, UNDEFINED_SERVER_VERSION } from '../../../binlog/index.ts';
import { writeIdentifierRaw } from '../../output/identifier.ts';
import { Literal } from '../../output/literal.ts';
import { TextOutput } from '../../output/text-output.ts';
import { rawTableMap } from '../raw-table-map.ts';
import { holdEvent } from '../rows/statement.ts';
import { writeTableMetadata } from '../table-metadata.ts';
import type { EventPrinter } from './definition.ts';

/** From this version on the log says whether the server made the table's primary key itself. */
const GENERATED_KEY_VERSION = 80_030;

const GENERATED_KEY = new Literal('# has_generated_invisible_primary_key=1\n');
const NO_GENERATED_KEY = new Literal('# has_generated_invisible_primary_key=0\n');

/** Of maps that are remembered: servers repeat them for every statement. */
const titles = new WeakMap<TableMap, Literal>();

function makeTitle(map: TableMap): Literal {
  const text = new TextOutput(undefined, 256);
  text.text('\tTable_map: ');
  writeIdentifierRaw(text, map.schema);
  text.text('.');
  writeIdentifierRaw(text, map.table);
  text.text(' mapped to number ');
  text.integer(map.tableId);
  text.text('\n');
  const title = new Literal(text.take());
  titles.set(map, title);
  return title;
}

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
  out.literal(titles.get(body) ?? makeTitle(body));
  const hasGeneratedKey = (body.flags & TableMapFlag.GENERATED_INVISIBLE_PRIMARY_KEY) !== 0;
  const version = state.immediateServerVersion;
  if (version >= GENERATED_KEY_VERSION && version !== UNDEFINED_SERVER_VERSION) {
    out.literal(hasGeneratedKey ? GENERATED_KEY : NO_GENERATED_KEY);
  }
  if (options.printTableMetadata) writeTableMetadata(out, rawTableMap(event, state.log), hasGeneratedKey);
  holdEvent(state, event);
  return 'continue';
};
