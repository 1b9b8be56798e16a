// node rows-zongji.js MODULE PORT LOG-NAME END [tls]: streams a server's log to its end and prints the number of rows.
import { pathToFileURL } from 'node:url';

const [module, port, filename, end, tls] = process.argv.slice(2);
const { default: ZongJi } = await import(pathToFileURL(module).href);
const zongji = new ZongJi({
  host: '127.0.0.1',
  port: Number(port),
  user: 'bench',
  password: 'bench',
  ...(tls === 'tls' ? { ssl: { rejectUnauthorized: false } } : {}),
});
let rows = 0;
zongji.on('binlog', (event) => {
  if (event.rows !== undefined) rows += event.rows.length;
  // The last event of a log is the one that names the next.
  if (event.nextPosition >= Number(end)) finish(0);
});
zongji.on('error', (error) => {
  console.error(error.message);
  finish(1);
});
zongji.start({
  filename,
  position: 4,
  serverId: 4_242_424,
  includeEvents: ['tablemap', 'writerows', 'updaterows', 'deleterows', 'rotate', 'xid'],
});

function finish(status) {
  console.error(`rows: ${rows}`);
  process.exit(status);
}
