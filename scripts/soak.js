// npm run soak [-- KILLS [SEED]]: copies a live server under load, kills the copy with SIGKILL at random moments, goes on each
// time, and compares what came of it with the server's files; then the same while two servers replace each other, and compares the
// transactions. 100 kills each, for each server, unless told otherwise.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importTypeScript } from './typescript.js';

const kills = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const tests = join(import.meta.dirname, '../test');
const { withServer } = await importTypeScript(join(tests, 'servers/index.ts'));
const { archivedGtids, buildProgram, differingLogs, standBetween } = await importTypeScript(
  join(tests, 'remote/archive/stage.ts'),
);
const { copyAndKill, failOverAndKill } = await importTypeScript(join(tests, 'remote/archive/kill.ts'));
const { Pair } = await importTypeScript(join(tests, 'remote/archive/pair.ts'));

const folder = mkdtempSync(join(tmpdir(), 'rowlock-soak-'));

/** @returns {string} an empty folder */
function fresh(name) {
  const archive = join(folder, name);
  mkdirSync(archive);
  return archive;
}

async function alone(program, name) {
  const archive = fresh(name);
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

async function takingTurns(program, name) {
  const archive = fresh(`${name}-turns`);
  const pair = await Pair.start(name, 'soak', ['--max-binlog-size=1M']);
  const between = await standBetween(pair.one.port);
  try {
    await pair.reset();
    const words = ['--host=127.0.0.1', `--port=${between.port}`, '--user=r', '--password=pw'];
    if (name !== 'mysql97') words.push('--ssl-mode=DISABLED');
    const { killed, changes } = await failOverAndKill({
      program,
      archive,
      pair,
      between,
      kills,
      seed,
      words,
    });
    const [archived, written] = [
      archivedGtids(archive),
      pair.written(changes % 2 === 0 ? pair.one : pair.two),
    ];
    const isSame = archived.length === written.length && archived.every((gtid, at) => gtid === written[at]);
    console.log(
      `${name}: ${killed} kills over ${changes} changes of servers, seed ${seed}: ${archived.length} transactions archived, ${written.length} written, ${isSame ? 'the same in the same order' : 'DIFFERENT'}`,
    );
    if (!isSame) process.exitCode = 1;
  } finally {
    await between.close();
    await pair.wipe();
  }
}

try {
  const program = await buildProgram(join(folder, 'program'));
  for (const name of ['mysql97', 'mariadb118']) {
    await alone(program, name);
    await takingTurns(program, name);
  }
} finally {
  if (process.exitCode !== 1) rmSync(folder, { recursive: true, force: true });
}
