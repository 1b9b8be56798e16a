import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { missingServers, runTool, withServer } from '../servers/index.ts';
import { copyAndKill } from './archive/kill.ts';
import { buildProgram, load } from './archive/stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-encrypted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOG = /^mysql-bin\.\d+$/;
/** The file says in its first bytes what it is; an encrypted one begins alike, and has an event that says so behind the first. */
const START_ENCRYPTION_EVENT = 164;

function eventTypes(log: Buffer): Set<number> {
  const types = new Set<number>();
  for (let at = 4; at + 19 <= log.length; at += Math.max(19, log.readUInt32LE(at + 9)))
    types.add(log[at + 4]!);
  return types;
}

test.skipIf(missingServers('mariadb118'))(
  'an archive of encrypted MariaDB logs is what the server sends of them, however often it is killed',
  { timeout: 180_000 },
  async () => {
    const keys = join(folder, 'keys.txt');
    writeFileSync(keys, `1;${'0123456789abcdef'.repeat(4)}\n`);
    const args = [
      '--plugin-load-add=file_key_management',
      `--file-key-management-filename=${keys}`,
      '--encrypt-binlog=1',
      '--max-binlog-size=1M',
      '--sync-binlog=0',
      '--innodb-flush-log-at-trx-commit=0',
    ];
    const [archive, copies] = ['archive', 'copies'].map((name) => join(folder, name)) as [string, string];
    for (const path of [archive, copies]) mkdirSync(path);
    const program = await buildProgram(join(folder, 'program'));
    await withServer('mariadb118', 'archive-encrypted', { args }, async (server) => {
      await server.query(load(60));
      const words = [`--socket=${server.socket}`, '--user=root'];
      expect(await copyAndKill({ program, archive, server, kills: 6, seed: 3, words })).toBe(6);
      const argv = ['--no-defaults', '-R', '--raw', '--to-last-log', ...words, 'mysql-bin.000001'];
      const { exit } = await runTool('mariadb118', 'mariadb-binlog', argv, { cwd: copies });
      expect(exit).toBe(0);
      const names = readdirSync(archive).filter((name) => LOG.test(name));
      expect(names.length).toBeGreaterThan(2);
      for (const name of names) {
        const [ours, theirs, kept] = [archive, copies, server.dataFolder].map((path) =>
          readFileSync(join(path, name)),
        );
        expect(eventTypes(kept!), name).toContain(START_ENCRYPTION_EVENT);
        // The newest has no more than its head.
        expect(ours!.includes('INSERT INTO d.t'), name).toBe(name !== names.toSorted().at(-1));
        expect(kept!.includes('INSERT INTO d.t'), name).toBe(false);
        // The newest may have grown by a checkpoint since.
        expect(theirs!.subarray(0, ours!.length).equals(ours!), name).toBe(true);
      }
    });
  },
);
