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
  expect(condition.begin('')).toBe(false);
  expect(passed(condition, stream)).toBe(count);
});

test.each([
  ['0-1-3', '0-1-2,0-2-3', true],
  ['0-1-3', '0-1-2', false],
  ['0-1-3,1-1-1', '0-1-3', false],
] as const)('until %s is over where %s was executed: %s', (gtids, executed, isOver) => {
  expect(new UntilCondition({ kind: 'mariadbGtids', gtids }).begin(executed)).toBe(isOver);
});
