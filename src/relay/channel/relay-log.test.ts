import { expect, test } from 'vitest';
import { RawEvent } from '../../binlog/index.ts';
import { ForgetfulDisk } from '../../store/disk/forgetful-disk.ts';
import { BlockCache } from '../../store/index.ts';
import { RelayLog } from './relay-log.ts';

const EVENT_BYTES = 100;

async function openLog(): Promise<RelayLog> {
  return RelayLog.open({
    disk: new ForgetfulDisk(),
    folder: '/relay',
    base: 'relay-bin',
    cache: new BlockCache(1 << 20),
    flavor: 'mysql',
    serverId: 900,
    serverVersion: '9.7.0-rowlock',
    now: () => 0,
    maxRelayLogSize: () => 1 << 30,
  });
}

function someEvent(): RawEvent {
  const event = new RawEvent();
  event.aim(Buffer.alloc(EVENT_BYTES), 0, EVENT_BYTES, 4, true);
  return event;
}

const names = ({ log }: RelayLog): string[] => log.files.map(({ name }) => name);
const received = { gtid: undefined, file: 'binlog.000001', position: 500 };

test('FLUSH RELAY LOGS begins a file at once, or behind the transaction under way', async () => {
  const log = await openLog();
  await log.flush();
  expect(names(log)).toEqual(['relay-bin.000001', 'relay-bin.000002']);

  log.append(someEvent());
  await log.flush();
  log.append(someEvent());
  expect(names(log)).toHaveLength(2);
  log.commit(received);
  await log.settle();
  expect(names(log)).toHaveLength(3);
  const [, whole, next] = log.log.files;
  expect(whole!.size - next!.size).toBeGreaterThan(EVENT_BYTES);
  log.append(someEvent());
  log.commit(received);
  await log.settle();
  expect(names(log)).toHaveLength(3);
});

test('FLUSH RELAY LOGS holds where the transaction under way is taken back', async () => {
  const log = await openLog();
  log.append(someEvent());
  await log.flush();
  log.rewind();
  await log.settle();
  expect(names(log)).toEqual(['relay-bin.000001', 'relay-bin.000002']);
});
