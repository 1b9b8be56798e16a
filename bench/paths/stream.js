// Rows to JavaScript objects from a live server over TLS, as a library; and the memory of a reader that is slower than the server.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { COMPETITORS, competitorModules } from '../competitors.js';
import { largestLog, rowsSql, servers } from '../logs.js';

let server;

export const paths = [
  {
    name: 'stream-rows-tls',
    rounds: 3,
    async variants() {
      const modules = competitorModules();
      const args = ['--max-binlog-size=1073741824', '--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0'];
      server = await servers.startServer('mysql97', `bench-stream-${process.pid}`, { args });
      await server.query(
        "CREATE USER bench IDENTIFIED BY 'bench'; GRANT ALL ON *.* TO bench; FLUSH BINARY LOGS",
      );
      await server.query(rowsSql('mysql97'), { timeoutMs: 1_200_000 });
      await server.query('FLUSH BINARY LOGS');
      const log = largestLog(server.dataFolder);
      const size = String(statSync(join(server.dataFolder, log)).size);
      const port = String(server.port);
      const program = (name, words) => ({
        command: process.execPath,
        args: [join(import.meta.dirname, '../programs', name), ...words],
      });
      return [
        { name: 'rowlock stream().changeBatches()', ...program('stream-rowlock.js', [port, log, size]) },
        ...modules.map((module, index) => ({
          name: COMPETITORS[index],
          ...program('rows-zongji.js', [module, port, log, size, 'tls']),
        })),
        { name: 'rowlock, a slow reader', ...program('stream-rowlock.js', [port, log, size, '10']) },
      ];
    },
  },
];

export const close = () => server?.wipe();
