import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { missingServers } from '../servers/index.ts';
import { Pair } from './archive/pair.ts';
import {
  archivedGtids,
  type Between,
  buildProgram,
  type Copy,
  finishCopy,
  load,
  standBetween,
  startCopy,
} from './archive/stage.ts';

const LOG_START = 4;
/** Of an event's length in its header. */
const LENGTH_AT = 9;

const folder = mkdtempSync(join(tmpdir(), 'rowlock-failover-'));
let program = '';
beforeAll(async () => {
  program = await buildProgram(join(folder, 'program'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Waits until something holds, or a copy has ended. The tests' own time limit ends what never does. */
async function until(copy: Copy, holds: () => boolean): Promise<void> {
  while (!holds() && copy.child.exitCode === null && copy.child.signalCode === null)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

describe.each(['mysql97', 'mariadb118', 'mariadb1011'] as const)(
  'an archive over a change of servers, %s',
  (name) => {
    const missing = missingServers(name);
    let pair: Pair;
    let between: Between;
    let archive = '';
    let words: readonly string[] = [];

    beforeAll(async () => {
      if (missing === undefined) pair = await Pair.start(name, 'failover');
    }, 120_000);
    afterAll(() => pair?.wipe(), 60_000);

    beforeEach(async () => {
      if (missing !== undefined) return;
      await pair.reset();
      between = await standBetween(pair.one.port);
      archive = mkdtempSync(join(folder, 'archive-'));
      words = [
        '--host=127.0.0.1',
        `--port=${between.port}`,
        '--user=r',
        '--password=pw',
        ...(name === 'mysql97' ? [] : ['--ssl-mode=DISABLED']),
        '--resume',
        '--reconnect',
        `--result-file=${archive}/`,
        'mysql-bin.000001',
      ];
    });
    afterEach(() => between?.close());

    const follow = (): Copy => startCopy(program, ['--stop-never', ...words]);
    const begun = (): boolean => readdirSync(archive).includes('archive.index');
    const sizeIn = (path: string): number =>
      statSync(join(path, 'mysql-bin.000001'), { throwIfNoEntry: false })?.size ?? 0;
    const hasHead = (): boolean => sizeIn(archive) === sizeIn(pair.one.dataFolder);
    const cutOver = (): void => {
      between.target = pair.two.port;
      between.cut();
    };

    test.skipIf(missing !== undefined)(
      'has every transaction once: of the old source, then of the new one, and back',
      { timeout: 180_000 },
      async () => {
        const { one, two } = pair;
        await pair.follow(two, one);
        const copy = follow();
        try {
          await until(copy, begun);
          await one.query(load(50));
          await pair.caughtUp(two, one);
          // The old source dies in the middle of what the copy reads; the new one has everything and goes on.
          cutOver();
          await pair.promote(two);
          await two.query(load(50, 2));
          await until(copy, () => copy.stderr().includes('answers instead of'));
          // Killed between, and begun again.
          copy.child.kill('SIGKILL');
          await copy.ended;
          await pair.follow(one, two);
          await pair.caughtUp(one, two);
          await finishCopy(program, words);
          between.target = one.port;
          await pair.promote(one);
          await one.query(load(20, 5));
          expect(await finishCopy(program, words)).toContain('answers instead of');
        } finally {
          copy.child.kill('SIGKILL');
        }
        const gtids = archivedGtids(archive);
        expect(gtids.length).toBeGreaterThan(120);
        expect(gtids).toEqual(pair.written(one));
      },
    );

    test.skipIf(missing !== undefined)(
      'goes on at the new one also where the old one had written nothing',
      { timeout: 120_000 },
      async () => {
        const { two } = pair;
        // While it is linked.
        const linked = follow();
        await until(linked, hasHead);
        cutOver();
        await until(linked, () => linked.stderr().includes('answers instead of'));
        // Killed before a transaction came, and begun again.
        linked.child.kill('SIGKILL');
        expect(await linked.ended, linked.stderr()).toBe('SIGKILL');
        between.target = pair.one.port;
        rmSync(archive, { recursive: true });
        mkdirSync(archive);
        const killed = follow();
        await until(killed, hasHead);
        killed.child.kill('SIGKILL');
        await killed.ended;
        cutOver();
        await two.query(load(20));
        expect(await finishCopy(program, words)).toContain('answers instead of');
        expect(archivedGtids(archive)).toEqual(pair.written(two));
      },
    );

    test.skipIf(missing !== undefined)(
      'begins at the new one where it was killed behind the first event',
      { timeout: 120_000 },
      async () => {
        const { two } = pair;
        const killed = follow();
        await until(killed, hasHead);
        killed.child.kill('SIGKILL');
        await killed.ended;
        const path = join(archive, 'mysql-bin.000001');
        truncateSync(path, LOG_START + readFileSync(path).readUInt32LE(LOG_START + LENGTH_AT));
        cutOver();
        await two.query(load(20));
        await finishCopy(program, words);
        expect(archivedGtids(archive)).toEqual(pair.written(two));
      },
    );
  },
);
