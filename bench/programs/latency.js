// node latency.js KIND PORT LOG-NAME COUNT …: says `ready`, then reads COUNT rows of bench.t as they are written, each of which holds
// the moment before it was sent, and prints how long each was on its way, in microseconds. KIND: rowlock; zongji, then its module;
// mysqlbinlog, then its command and arguments. Wants `npm run build`.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [kind, port, log, count, ...rest] = process.argv.slice(2);
const times = [];

/** `sent` by the same clock, CLOCK_MONOTONIC, in another process. */
function arrived(sent) {
  times.push(Number(process.hrtime.bigint() - BigInt(sent)) / 1000);
  if (times.length < Number(count)) return;
  process.stdout.write(`${times.map((time) => time.toFixed(0)).join(' ')}\n`, () => process.exit(0));
}

const account = { host: '127.0.0.1', port: Number(port), user: 'bench', password: 'bench' };

const consumers = {
  async rowlock() {
    const { stream } = await import('rowlock');
    const reading = stream({ ...account, ssl: { sslMode: 'REQUIRED' }, start: 'now' });
    await reading.connect();
    console.log('ready');
    for await (const { table, after } of reading.changes()) if (table === 't') arrived(after.sent);
  },
  async zongji() {
    const { default: ZongJi } = await import(pathToFileURL(rest[0]).href);
    const zongji = new ZongJi({ ...account, ssl: { rejectUnauthorized: false } });
    zongji.on('ready', () => console.log('ready'));
    zongji.on('binlog', ({ rows }) => {
      for (const { sent } of rows ?? []) arrived(sent);
    });
    zongji.start({
      startAtEnd: true,
      serverId: 4_242_424,
      includeEvents: ['tablemap', 'writerows', 'rotate'],
    });
  },
  async mysqlbinlog() {
    const [command, ...words] = rest;
    const remote = [
      '-R',
      '--stop-never',
      '--ssl-mode=REQUIRED',
      '-h127.0.0.1',
      `-P${port}`,
      '-ubench',
      '-pbench',
    ];
    const print = ['--base64-output=DECODE-ROWS', '-v', log];
    const child = spawn(command, [...words, '--no-defaults', ...remote, ...print], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    process.on('exit', () => child.kill());
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('# at ') && times.length === 0) console.log('ready');
      const [, sent] = /^###\s+@2=(\d+)/.exec(line) ?? [];
      if (sent !== undefined) arrived(sent);
    }
  },
};

await consumers[kind]();
