// A server's 230 MB log read over TLS 1.3 on loopback: copied, as text, and with -v, beside mysqlbinlog.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAST, largestLog, rowsSql, servers } from '../logs.js';
import { ours, real } from '../variants.js';

const SERVER = 'mysql97';
const USER = 'bench';
const MODES = [
  { name: 'remote-raw', args: (folder, who) => ['--raw', `--result-file=${join(folder, who)}-`] },
  { name: 'remote-default', args: () => [] },
  { name: 'remote-v', args: () => ['-v'] },
];

/** By the environment: on the command line both would warn. */
function withPassword(variant) {
  return { ...variant, env: { ...variant.env, MYSQL_PWD: USER } };
}

/** One server for all paths. */
let running;

async function start() {
  const server = await servers.startServer(SERVER, `bench-${process.pid}`, { args: FAST });
  await server.query(rowsSql(SERVER), { timeoutMs: 1_200_000 });
  const log = largestLog(server.dataFolder);
  await server.query(
    `FLUSH BINARY LOGS; CREATE USER ${USER}@'%' IDENTIFIED BY '${USER}' REQUIRE SSL; GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO ${USER}@'%'`,
  );
  return { server, log, folder: mkdtempSync(join(tmpdir(), 'rowlock-bench-remote-')) };
}

export const paths = MODES.map(({ name, args }) => ({
  name,
  rounds: 5,
  async variants() {
    running ??= start();
    const { server, log, folder } = await running;
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
  if (running === undefined) return;
  const { server, folder } = await running;
  rmSync(folder, { recursive: true });
  await server.wipe();
}
