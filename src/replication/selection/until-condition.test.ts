import { expect, test } from 'vitest';
import type { MariadbGtid } from '../../gtid/index.ts';
import { UntilCondition } from './until-condition.ts';

const NOWHERE = { sourceFile: '', sourcePosition: 4, relayFile: '', relayPosition: 4 };

/** How many of these transactions pass before the condition stops. */
function passed(condition: UntilCondition, texts: string): number {
  const gtids = texts.split(' ').map((text): MariadbGtid => {
    const [domainId = 0, serverId = 0, seqNo = 0] = text.split('-').map(Number);
    return { domainId, serverId, seqNo: BigInt(seqNo) };
  });
  for (const [count, one] of gtids.entries()) {
    const gtid = { flavor: 'mariadb', ...one } as const;
    if (condition.isReachedBefore(gtid, NOWHERE)) return count;
    if (condition.isReachedAfter(gtid, NOWHERE)) return count + 1;
  }
  return gtids.length;
}

/** MariaDB 11.8 stops there. */
test.each([
  ['mariadbGtids', '0-1-2', '0-1-1 0-1-2 0-1-3', 2],
  ['beforeMariadbGtids', '0-1-2', '0-1-1 0-1-2 0-1-3', 1],
  ['mariadbGtids', '0-1-1,1-1-2', '0-1-1 1-1-2 1-1-3', 2],
  ['mariadbGtids', '0-1-1,1-1-2', '0-1-1 0-1-2 1-1-2', 1],
  ['mariadbGtids', '0-1-5', '0-1-1 1-1-1 0-1-5', 1],
] as const)('%s %s lets pass of %s: %d', (kind, gtids, stream, count) => {
  const condition = new UntilCondition({ kind, gtids });
  expect(condition.begin('', NOWHERE)).toBe(false);
  expect(passed(condition, stream)).toBe(count);
});

test.each([
  ['0-1-3', '0-1-2,0-2-3', true],
  ['0-1-3', '0-1-2', false],
  ['0-1-3,1-1-1', '0-1-3', false],
] as const)('until %s is over where %s was executed: %s', (gtids, executed, isOver) => {
  expect(new UntilCondition({ kind: 'mariadbGtids', gtids }).begin(executed, NOWHERE)).toBe(isOver);
});

// MySQL 9.7 starts nothing where one of them was executed.
test.each([
  ['1:5', true],
  ['1:5-9', true],
  ['1:6-9', false],
  ['1:9,2:1', true],
] as const)('before %s is over where 1:1-5 and 2:1 were executed: %s', (numbers, isOver) => {
  const named = (text: string): string =>
    text.replaceAll(/(\d):/g, (_, digit: string) => `${digit.repeat(8)}-1111-1111-1111-111111111111:`);
  const until = new UntilCondition({ kind: 'beforeGtids', gtids: named(numbers) });
  expect(until.begin(named('1:1-5,2:1'), NOWHERE)).toBe(isOver);
});

// A replica of MySQL 9.7 and of MariaDB 11.8 stops at once, but for one that has nothing of its source yet.
test.each([
  ['sourcePosition', 'bin.000002', 100, true],
  ['sourcePosition', 'bin.000002', 101, false],
  ['sourcePosition', 'bin.000001', 500, true],
  ['relayPosition', 'relay.000003', 40, true],
  ['relayPosition', 'relay.000003', 41, false],
] as const)('until %s %s:%d is over where more was applied: %s', (kind, file, position, isOver) => {
  const until = new UntilCondition({ kind, file, position });
  const place = {
    sourceFile: 'bin.000002',
    sourcePosition: 100,
    relayFile: 'relay.000003',
    relayPosition: 40,
  };
  expect(until.begin('', place)).toBe(isOver);
  expect(until.begin('', { ...place, sourceFile: '', relayPosition: 4 })).toBe(false);
});

test('there are no gaps to wait for', () => {
  expect(new UntilCondition({ kind: 'afterMtsGaps' }).begin('', NOWHERE)).toBe(true);
});
