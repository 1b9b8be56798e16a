// node rows-rowlock.js LOG: reads every changed row of a log as objects, prints the number of rows. Wants `npm run build`.
import { openLog } from 'rowlock';

const log = await openLog(process.argv[2]);
let rows = 0;
let objects = 0;
for (const { before, after } of log.changes()) {
  rows += 1;
  objects += Number(before !== undefined) + Number(after !== undefined);
}
console.error(`rows: ${rows}, objects: ${objects}`);
