import { expect, test } from 'vitest';
import { ForgetfulDisk } from '../../store/disk/forgetful-disk.ts';
import { CommitJournal } from './commit-journal.ts';

const at = (number: number, position: number): { number: number; position: number } => ({ number, position });
const places = (channel: string, p: number): ReadonlyMap<string, { p: number }> =>
  new Map([[channel, { p }]]);

async function open(disk: ForgetfulDisk): Promise<CommitJournal> {
  const journal = new CommitJournal(disk, '/d', 'binlog');
  await journal.load();
  return journal;
}

async function write(disk: ForgetfulDisk, ends: readonly number[]): Promise<void> {
  const journal = await open(disk);
  await journal.begin(at(1, 100));
  for (const end of ends) {
    await journal.record(at(1, end), places('c', end));
    journal.settled(at(1, end), places('c', end));
  }
}

test('the log is cut where both agree, and the channel goes on from there', async () => {
  const disk = new ForgetfulDisk();
  await write(disk, [200, 300, 400]);
  const journal = await open(disk);
  expect(journal.cutAt(at(1, 350))).toEqual(at(1, 300));
  await journal.begin(at(1, 300));
  expect(journal.place('c')).toEqual({ p: 300 });
});

test('a torn line counts for nothing, nor does what follows it', async () => {
  const disk = new ForgetfulDisk();
  await write(disk, [200, 300, 400]);
  const text = (await disk.readFile('/d/binlog.commits'))!.toString();
  await disk.replaceFile('/d/binlog.commits', Buffer.from(text.replace('"p":300', '"p":301')));
  expect((await open(disk)).cutAt(at(1, 999))).toEqual(at(1, 200));
});

test('a log that ends before everything that was recorded is said to be lost', async () => {
  const disk = new ForgetfulDisk();
  await write(disk, [200]);
  const journal = await open(disk);
  expect(() => journal.cutAt(at(1, 50))).toThrow(/ends before the first place/);
});

test('it stays small, and forgets nothing by it', async () => {
  const disk = new ForgetfulDisk();
  const journal = await open(disk);
  await journal.begin(at(1, 100));
  await journal.record(at(1, 150), places('quiet', 7));
  journal.settled(at(1, 150), places('quiet', 7));
  for (let end = 200; end < 30_000; end += 1) {
    await journal.record(at(1, end), places('c', end));
    journal.settled(at(1, end), places('c', end));
  }
  expect((await disk.readFile('/d/binlog.commits'))!.length).toBeLessThan(1.1 * 2 ** 20);
  const again = await open(disk);
  expect(again.cutAt(at(1, 29_999))).toEqual(at(1, 29_999));
  await again.begin(at(1, 29_999));
  expect([again.place('quiet'), again.place('c')]).toEqual([{ p: 7 }, { p: 29_999 }]);
});
