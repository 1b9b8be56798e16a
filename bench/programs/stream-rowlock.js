// node stream-rowlock.js PORT LOG-NAME END [NICE]: streams a server's log over TLS to its end and prints the number of rows. NICE: takes
// that many microseconds for each row. Wants `npm run build`.
import { stream } from '../../dist/lib/index.js';

const [port, file, end, nice] = process.argv.slice(2);
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
for await (const change of reading.changes()) {
  rows++;
  if (change.file !== file || change.position >= Number(end)) break;
  if (nice !== undefined && rows % 1000 === 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, Number(nice));
    });
  }
}
console.error(`rows: ${rows}`);
