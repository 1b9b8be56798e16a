import { expect, test } from 'vitest';
import { CHECKSUM_BYTES } from '../../binlog/index.ts';
import { crc32 } from '../../bytes/index.ts';
import { StreamEvents } from './stream-events.ts';

test('before a file is begun the replica decides about checksums, behind its head the file does', () => {
  const make = new StreamEvents(1, false);
  const bare = make.fakeRotate('binlog.000001', 4);
  make.likeFile(true);
  const checked = make.fakeRotate('binlog.000001', 4);
  expect(checked).toHaveLength(bare.length + CHECKSUM_BYTES);
  const end = checked.length - CHECKSUM_BYTES;
  expect(checked.readUInt32LE(end)).toBe(crc32(checked, 0, end));
  make.likeFile(false);
  expect(make.fakeRotate('binlog.000001', 4)).toEqual(bare);
});
