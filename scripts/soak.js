// npm run soak [-- KILLS [SEED]]: copies a live server under load, kills the copy with SIGKILL at random moments, goes on each
// time, and compares what came of it with the server's files. 100 kills for each server unless told otherwise.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importTypeScript } from './typescript.js';

const kills = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const tests = join(import.meta.dirname, '../test');
const { withServer } = await importTypeScript(join(tests, 'servers/index.ts'));
const { buildProgram, differingLogs } = await importTypeScript(join(tests, 'remote/archive/stage.ts'));
const { copyAndKill } = await importTypeScript(join(tests, 'remote/archive/kill.ts'));

const folder = mkdtempSync(join(tmpdir(), 'rowlock-soak-'));
try {
  const program = await buildProgram(join(folder, 'program'));
  for (const name of ['mysql97', 'mariadb118']) {
    const archive = join(folder, name);
    mkdirSync(archive);
    const args = ['--max-binlog-size=1M', '--sync-binlog=0', '--innodb-flush-log-at-trx-commit=0'];
    await withServer(name, 'soak', { args }, async (server) => {
      const words = [`--socket=${server.socket}`, '--user=root'];
      const killed = await copyAndKill({ program, archive, server, kills, seed, words });
      const differing = differingLogs(server, archive);
      console.log(
        `${name}: ${killed} kills, seed ${seed}: ${differing.length === 0 ? 'identical' : differing.join(', ')}`,
      );
      if (differing.length > 0) process.exitCode = 1;
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
