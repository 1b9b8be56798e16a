// Rows to JavaScript objects, as a library. The others only read from a live server; ours reads the same log as a file.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { COMPETITORS, competitorModules } from '../competitors.js';
import { largestLog, rowsSql, servers } from '../logs.js';

let server;

export const paths = [
  {
    name: 'rows-to-objects',
    rounds: 3,
    // A round takes minutes.
    warmUp: false,
    async variants() {
      const modules = competitorModules();
      const args = ['--max-binlog-size=1073741824', '--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0'];
      server = await servers.startServer('mysql97', `bench-rows-${process.pid}`, { args });
      await server.query(
        "CREATE USER bench IDENTIFIED BY 'bench'; GRANT ALL ON *.* TO bench; FLUSH BINARY LOGS",
      );
      await server.query(rowsSql('mysql97'), { timeoutMs: 1_200_000 });
      await server.query('FLUSH BINARY LOGS');
      const log = largestLog(server.dataFolder);
      const path = join(server.dataFolder, log);
      const program = (name, words) => ({
        command: process.execPath,
        args: [join(import.meta.dirname, '../programs', name), ...words],
      });
      return [
        { name: 'rowlock, from a file', ...program('rows-rowlock.js', [path]) },
        ...modules.map((module, index) => ({
          name: `${COMPETITORS[index]}, from a live server`,
          ...program('rows-zongji.js', [module, String(server.port), log, String(statSync(path).size)]),
        })),
      ];
    },
  },
];

export const close = () => server?.wipe();
