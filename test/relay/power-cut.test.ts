import { expect, test } from 'vitest';
import { ForgetfulDisk } from '../../src/store/disk/forgetful-disk.ts';
import type { Disk, DiskFile } from '../../src/store/index.ts';
import { missingServers, withServer } from '../servers/index.ts';
import { endOfLog, FILLING } from './filling-source.ts';
import { channelTo, openTestRelay, type TestRelay, until, untilApplied } from './relay-streams.ts';
import { servedIds } from './served-ids.ts';

/** How often the power goes: ROWLOCK_POWER_CUTS=200 is the long form, which goes every way. */
const CUTS = process.env['ROWLOCK_POWER_CUTS'];
const ROUNDS = Number(CUTS ?? 6);
const ROWS = 300 * ROUNDS;

const WITHOUT_GTIDS = ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF'];
const WITH_GTIDS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'];

/** What the source is, and how the channel knows where it stands. */
const WAYS = [
  ['mysql97', 'position', WITHOUT_GTIDS],
  ['mysql97', 'auto', WITH_GTIDS],
  ['mariadb118', 'position', []],
  ['mariadb118', 'slave_pos', []],
] as const;

/** Some turns of the event loop: other files are ahead, or behind. */
async function aWhile(): Promise<void> {
  for (let left = Math.random() * 6; left > 1; left -= 1) await new Promise(setImmediate);
}

/** A disk that takes its time: between what is written and what is synced there is always something to lose. */
function slowly(disk: ForgetfulDisk): Disk {
  const slowFile = (file: DiskFile): DiskFile => ({
    write: async (pieces, position) => {
      await aWhile();
      await file.write(pieces, position);
    },
    sync: async () => {
      await aWhile();
      await file.sync();
    },
    read: (into, position) => file.read(into, position),
    truncate: (size) => file.truncate(size),
    size: () => file.size(),
    close: () => file.close(),
  });
  return {
    open: async (path, mode) => slowFile(await disk.open(path, mode)),
    readFile: (path) => disk.readFile(path),
    replaceFile: (path, content) => disk.replaceFile(path, content),
    remove: (path) => disk.remove(path),
    makeFolder: () => disk.makeFolder(),
    list: (folder) => disk.list(folder),
    modifiedAt: (path) => disk.modifiedAt(path),
    syncFolder: (folder) => disk.syncFolder(folder),
  };
}

test.skipIf(missingServers('mysql97', 'mariadb118')).each(CUTS === undefined ? WAYS.slice(0, 1) : WAYS)(
  'whatever a power cut leaves of both logs, nothing that was served is lost and nothing comes twice: %s, by %s',
  async (server, positioning, gtids) => {
    await withServer(
      server,
      'power',
      { args: ['--server-id=1', '--log-bin=mysql-bin', '--sync-binlog=0', ...gtids] },
      async (source) => {
        await source.query(FILLING);
        const [sourceLogFile, sourceLogPos] = await endOfLog(source);
        const begin = async (disk: ForgetfulDisk): Promise<TestRelay> => {
          const relay = await openTestRelay('/data', {
            flavor: server === 'mysql97' ? 'mysql' : 'mariadb',
            parts: { disk: slowly(disk) },
            settings: {
              max_binlog_size: 64 * 1024,
              max_relay_log_size: 32 * 1024,
              // This disk has no clock.
              binlog_expire_logs_auto_purge: false,
            },
          });
          const channel = await relay.streams.channels.configure(
            channelTo(source.port, { positioning, sourceLogFile, sourceLogPos }),
          );
          await channel.start({ receiver: true, applier: true });
          return relay;
        };
        const filled = source.query(`CALL d.fill(${ROWS})`, { timeoutMs: 60_000 + ROUNDS * 5000 });
        let disk = new ForgetfulDisk();
        let served: number[] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          const relay = await begin(disk);
          const { transactions } = relay.streams.counters;
          const [channel] = relay.streams.channels.all;
          // Every other time it goes again before anything new came.
          const more = round % 2 === 0 ? Math.random() * 50 : -1;
          await until(
            () => relay.streams.counters.transactions > transactions + more,
            () => JSON.stringify(channel!.status()),
          );
          await aWhile();
          const seen = await servedIds(relay);
          disk = disk.crash(Math.random, () => Math.random() < 0.2);
          expect(seen.slice(0, served.length)).toEqual(served);
          served = seen;
          await relay.close();
        }
        await filled;
        const [file, position] = await endOfLog(source);
        const relay = await begin(disk);
        const channel = relay.streams.channels.all[0]!;
        await untilApplied(channel, () => {
          const { sourceLogFile: at, execSourceLogPos } = channel.status().applier;
          return at === file && execSourceLogPos === position;
        });
        const ids = await servedIds(relay);
        await relay.close();
        expect(ids.length).toBe(ROWS);
        expect(ids.every((id, index) => id === index + 1)).toBe(true);
      },
    );
  },
  180_000 + ROUNDS * 5000,
);
