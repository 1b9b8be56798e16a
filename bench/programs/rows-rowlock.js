// node rows-rowlock.js LOG: decodes every row of a log into an object, prints the number of rows. Wants `npm run build`.
import { decodeBody, LogState, RawEvent, RowReader } from '../../dist/lib/binlog/index.js';
import { fileSource, LogReader } from '../../dist/lib/store/index.js';

/** Named as a log names columns that come without metadata: by number. */
function objectOf(image) {
  const row = {};
  for (let index = 0; index < image.length; index++) row[`@${index + 1}`] = image[index];
  return row;
}

const reader = new LogReader(fileSource(process.argv[2]));
const state = new LogState();
const event = new RawEvent();
let count = 0;
let last;
reader.open();
while (reader.next(event)) {
  const body = decodeBody(event, state);
  if (body.kind === 'formatDescription') state.setFormat(body);
  if (body.kind === 'tableMap') state.tables.set(body.tableId, body);
  if (body.kind !== 'rows') continue;
  const rows = new RowReader(body, state.tables.get(body.tableId));
  while (rows.next()) {
    last = { before: rows.before && objectOf(rows.before), after: rows.after && objectOf(rows.after) };
    count++;
  }
}
console.error(`rows: ${count}`, Object.keys(last ?? {}).length > 0 ? '' : '(none)');
