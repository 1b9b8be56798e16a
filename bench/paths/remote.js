// A server's logs read over TLS 1.3 on loopback, copied, as text, and with -v, beside mysqlbinlog: 230 MB of large events, and 100,000 small
// transactions.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAST, largestLog, rowsSql, runSmallTransactions, servers } from '../logs.js';
import { ours, real } from '../variants.js';

const SERVER = 'mysql97';
const USER = 'bench';
const RESULTS = [
  { name: 'raw', args: (folder, who) => ['--raw', `--result-file=${join(folder, who)}-`] },
  { name: 'default', args: () => [] },
  { name: 'v', args: () => ['-v'] },
];

/** By the environment: on the command line both would warn. */
function withPassword(variant) {
  return { ...variant, env: { ...variant.env, MYSQL_PWD: USER } };
}

/** What fills the log that is read. */
const WORKS = {
  remote: (query) => query(rowsSql(SERVER), { timeoutMs: 1_200_000 }),
  'remote-small': runSmallTransactions,
};

/** A server for each work. */
const running = new Map();

async function start(work) {
  const server = await servers.startServer(SERVER, `bench-${work}-${process.pid}`, { args: FAST });
  await WORKS[work](server.query);
  const log = largestLog(server.dataFolder);
  await server.query(
    `FLUSH BINARY LOGS; CREATE USER ${USER}@'%' IDENTIFIED BY '${USER}' REQUIRE SSL; GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO ${USER}@'%'`,
  );
  return { server, log, folder: mkdtempSync(join(tmpdir(), 'rowlock-bench-remote-')) };
}

function runningFor(work) {
  if (!running.has(work)) running.set(work, start(work));
  return running.get(work);
}

const modes = Object.keys(WORKS).flatMap((work) =>
  RESULTS.map(({ name, args }) => ({ work, name: `${work}-${name}`, args })),
);

export const paths = modes.map(({ work, name, args }) => ({
  name,
  rounds: 5,
  async variants() {
    const { server, log, folder } = await runningFor(work);
    const common = ['-R', '--host=127.0.0.1', `--port=${server.port}`, `--user=${USER}`];
    const tls = [
      '--ssl-mode=VERIFY_CA',
      `--ssl-ca=${join(server.dataFolder, 'ca.pem')}`,
      '--tls-version=TLSv1.3',
    ];
    return [
      {
        ...ours([...common, ...tls, ...args(folder, 'own'), log]),
        name: `rowlock binlog -R ${name}`,
        env: { MYSQL_PWD: USER },
      },
      withPassword({
        ...real(SERVER, [...common, ...tls, ...args(folder, 'real'), log]),
        name: `mysqlbinlog -R ${name}`,
      }),
    ];
  },
}));

/** Behind the last path that was wanted. */
export async function close() {
  for (const started of running.values()) {
    const { server, folder } = await started;
    rmSync(folder, { recursive: true });
    await server.wipe();
  }
}
