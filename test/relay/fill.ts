import { RawEvent, TransactionTracker } from '../../src/binlog/index.ts';
import { type BinaryLog, SourceClock, TransactionBuffer } from '../../src/relay/binary-log/index.ts';
import { transactionGtid } from '../../src/replication/index.ts';
import { fileSource, LogReader } from '../../src/store/index.ts';

/** Takes every transaction of a recorded log over into a binary log. */
export async function fill(log: BinaryLog, path: string): Promise<void> {
  const reader = new LogReader(fileSource(path));
  reader.open();
  const event = new RawEvent();
  const tracker = new TransactionTracker();
  const buffer = new TransactionBuffer();
  const clock = new SourceClock();
  let gtid: ReturnType<typeof transactionGtid>;
  while (reader.next(event)) {
    const place = tracker.place(event);
    if (place === 'outside') continue;
    if (place === 'begins' || place === 'alone') gtid = transactionGtid(event);
    buffer.add(event);
    if (place !== 'ends' && place !== 'alone') continue;
    await log.room();
    log.append(buffer, clock, { gtid, channel: '', place: null });
  }
  reader.close();
  await log.settle();
}
