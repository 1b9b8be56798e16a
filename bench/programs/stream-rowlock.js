// node stream-rowlock.js PORT LOG-NAME END [PAUSE]: streams a server's log over TLS to its end and prints the number of rows. PAUSE: a slow
// reader, which rests that many milliseconds after every thousand rows. Wants `npm run build`.
import { setTimeout as pause } from 'node:timers/promises';
import { stream } from 'rowlock';

const [port, file, end, rest] = process.argv.slice(2);
const reading = stream({
  host: '127.0.0.1',
  port: Number(port),
  user: 'bench',
  password: 'bench',
  ssl: { sslMode: 'REQUIRED' },
  start: { file },
  stopAtEnd: true,
});
let rows = 0;
let rested = 0;
for await (const batch of reading.changeBatches()) {
  const [{ file: of, position }] = batch;
  if (of !== file || position >= Number(end)) break;
  rows += batch.length;
  if (rest !== undefined && rows - rested >= 1000) {
    rested = rows;
    await pause(Number(rest));
  }
}
console.error(`rows: ${rows}`);
