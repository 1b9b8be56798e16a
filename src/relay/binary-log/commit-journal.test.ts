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

test('a torn line counts for nothing, and one that is damaged is refused', async () => {
  const disk = new ForgetfulDisk();
  await write(disk, [200, 300, 400]);
  const text = (await disk.readFile('/d/binlog.commits'))!.toString();
  const put = (changed: string): Promise<void> => disk.replaceFile('/d/binlog.commits', Buffer.from(changed));
  await put(text.replace('"p":400', '"p":401'));
  expect((await open(disk)).cutAt(at(1, 999))).toEqual(at(1, 300));
  await put(text.slice(0, -5));
  expect((await open(disk)).cutAt(at(1, 999))).toEqual(at(1, 300));
  await put(text.replace('"p":300', '"p":301'));
  await expect(open(disk)).rejects.toThrow("line 3 of the binary log's journal is damaged");
});

test('what is before the last record was durable, and what a journal begins with', async () => {
  const disk = new ForgetfulDisk();
  expect((await open(disk)).durable).toBeUndefined();
  await write(disk, []);
  expect((await open(disk)).durable).toEqual(at(1, 100));
  await write(disk, [200]);
  expect((await open(disk)).durable).toEqual(at(1, 100));
  const journal = await open(disk);
  await journal.begin(at(1, 200));
  await journal.record(at(1, 300), places('c', 300));
  await journal.record(at(1, 400), places('c', 400));
  expect((await open(disk)).durable).toEqual(at(1, 300));
});

test('what was recorded while the log could not be written does not count', async () => {
  const disk = new ForgetfulDisk();
  const journal = await open(disk);
  await journal.begin(at(1, 100));
  await journal.record(at(1, 200), places('c', 200));
  await journal.takeBack();
  // The log goes on in another file.
  const again = await open(disk);
  expect(again.cutAt(at(2, 150))).toEqual(at(1, 100));
  await again.begin(at(1, 100));
  expect(again.place('c')).toBeUndefined();
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
