import { describe, expect, test } from 'vitest';
import { formatMariadbGtid, parseMariadbGtid } from '../../../gtid/index.ts';
import type { PrintOptions } from '../../print-options.ts';
import { GtidWindows } from './gtid-window.ts';

function windows(chosen: Partial<PrintOptions>): GtidWindows {
  const none = { startGtids: undefined, stopGtids: undefined, doDomainIds: [], ignoreDomainIds: [] };
  const hasGtidPositions = (chosen.startGtids ?? chosen.stopGtids) !== undefined;
  return new GtidWindows({ ...none, hasGtidPositions, ...chosen } as unknown as PrintOptions);
}

function printed(chosen: Partial<PrintOptions>, gtids: string): string {
  const these = windows(chosen);
  const parsed = gtids.split(' ').map(parseMariadbGtid);
  return parsed
    .filter((gtid) => these.includes(gtid))
    .map(formatMariadbGtid)
    .join(' ');
}

const log = '0-1-1 0-1-2 1-1-1 0-1-3 2-1-1 1-1-2';

describe('which transactions GTID options choose', () => {
  test('without options all are', () => {
    expect(printed({}, log)).toBe(log);
  });

  test('a start is exclusive and leaves other domains alone', () => {
    expect(printed({ startGtids: '0-1-2' }, log)).toBe('1-1-1 0-1-3 2-1-1 1-1-2');
  });

  test('a stop is inclusive and shuts other domains out', () => {
    expect(printed({ stopGtids: '0-1-2' }, log)).toBe('0-1-1 0-1-2');
  });

  test('both make a window in each domain', () => {
    expect(printed({ startGtids: '0-1-1', stopGtids: '0-1-2,1-1-1' }, log)).toBe('0-1-2 1-1-1');
  });

  test('a stop shuts out domains that have only a start', () => {
    expect(printed({ startGtids: '0-1-1,1-1-1', stopGtids: '0-1-3' }, log)).toBe('0-1-2 0-1-3');
  });

  test('what lies beyond a window neither opens nor closes it', () => {
    const these = windows({ startGtids: '0-1-2', stopGtids: '0-1-4' });
    const passes = (text: string): boolean => these.includes(parseMariadbGtid(text));
    expect(['0-1-9', '0-1-1', '0-1-3', '0-1-4', '0-1-3'].map(passes)).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test('servers do not matter, and a start of 0 is none', () => {
    expect(printed({ startGtids: '0-9-1' }, '0-1-1 0-1-2')).toBe('0-1-2');
    expect(printed({ startGtids: '0-1-0' }, '0-1-1 0-1-2')).toBe('0-1-1 0-1-2');
    expect(windows({ startGtids: '0-1-0' }).isInUse).toBe(true);
  });

  test('domains are chosen and ignored', () => {
    expect(printed({ doDomainIds: [1, 2] }, log)).toBe('1-1-1 2-1-1 1-1-2');
    expect(printed({ ignoreDomainIds: [0] }, log)).toBe('1-1-1 2-1-1 1-1-2');
  });

  test('it is finished when every stop has come by', () => {
    const these = windows({ stopGtids: '0-1-2,1-1-1' });
    these.includes(parseMariadbGtid('0-1-2'));
    expect(these.isFinished).toBe(false);
    expect(these.unreachedStops().map(formatMariadbGtid)).toEqual(['1-1-1']);
    these.includes(parseMariadbGtid('1-1-1'));
    expect(these.isFinished).toBe(true);
  });
});
