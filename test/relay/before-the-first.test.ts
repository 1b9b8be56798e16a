import { expect, test } from 'vitest';
import { isBehind } from '../../src/relay/channel/source-place.ts';
import { ForgetfulDisk } from '../../src/store/disk/forgetful-disk.ts';
import { missingServers, withServer } from '../servers/index.ts';
import { endOfLog, FILLING } from './filling-source.ts';
import { channelTo, openTestRelay, type TestRelay, until, untilApplied } from './relay-streams.ts';
import { servedIds } from './served-ids.ts';

/** Nobody listens there. */
const CLOSED_PORT = 1;

test('a relay log that has nothing of its source stands before everything that was applied', () => {
  expect(isBehind({ file: '', position: 4 }, { file: 'mysql-bin.000001', position: 4 })).toBe(true);
  expect(isBehind({ file: '', position: 4 }, { file: '', position: 4 })).toBe(false);
  expect(isBehind({ file: 'mysql-bin.000001', position: 4 }, { file: '', position: 4 })).toBe(false);
});

test.skipIf(missingServers('mysql97'))(
  'a channel begins at its coordinates, however often it was started before its source was there',
  async () => {
    const args = [
      '--server-id=1',
      '--log-bin=mysql-bin',
      '--gtid-mode=OFF',
      '--enforce-gtid-consistency=OFF',
    ];
    await withServer('mysql97', 'coordinates', { args }, async (source) => {
      await source.query(`${FILLING}CALL d.fill(5); TRUNCATE d.t`);
      const [sourceLogFile, sourceLogPos] = await endOfLog(source);
      await source.query('CALL d.fill(3)');
      const disk = new ForgetfulDisk();
      const begin = async (port: number): Promise<TestRelay> => {
        const relay = await openTestRelay('/data', {
          parts: { disk },
          settings: { binlog_expire_logs_auto_purge: false },
        });
        const settings = { positioning: 'position', sourceLogFile, sourceLogPos } as const;
        const channel = await relay.streams.channels.configure(channelTo(port, settings));
        await channel.start({ receiver: true, applier: true });
        return relay;
      };
      for (let life = 1; life <= 3; life += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one life after the other
        const relay = await begin(CLOSED_PORT);
        const channel = relay.streams.channels.all[0]!;
        // oxlint-disable-next-line no-await-in-loop -- until it has read what there is
        await until(
          () => channel.status().applier.relayLogFile.endsWith(String(life)),
          () => JSON.stringify(channel.status()),
        );
        // oxlint-disable-next-line no-await-in-loop -- one life after the other
        await relay.close();
      }
      const relay = await begin(source.port);
      const channel = relay.streams.channels.all[0]!;
      const [file, position] = await endOfLog(source);
      await untilApplied(channel, () => {
        const { sourceLogFile: at, execSourceLogPos } = channel.status().applier;
        return at === file && execSourceLogPos === position;
      });
      expect(await servedIds(relay)).toEqual([1, 2, 3]);
      await relay.close();
    });
  },
);
