import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMysqlGtid } from './mysql-gtid.ts';
import { MysqlGtidSet } from './mysql-gtid-set.ts';
import { parseUuid } from './uuid.ts';

const UUIDS = ['00000000-0000-0000-0000-000000000001', 'ffffffff-aaaa-bbbb-cccc-0123456789ab'];
const gno = fc.oneof(fc.bigInt(1n, 24n), fc.bigInt((1n << 63n) - 6n, (1n << 63n) - 2n));
const range = fc.record({
  uuid: fc.constantFrom(...UUIDS),
  tag: fc.constantFrom('', 'a', 'blue_2'),
  first: gno,
  length: fc.bigInt(0n, 5n),
});
const MAX = (1n << 63n) - 2n;
const set = fc.array(range, { maxLength: 12 }).map((ranges) => {
  const made = MysqlGtidSet.empty();
  for (const { uuid, tag, first, length } of ranges) {
    made.addRange(uuid, tag, first, first + length > MAX ? MAX : first + length);
  }
  return made;
});

const check = (...law: Parameters<typeof fc.property<[MysqlGtidSet, MysqlGtidSet, MysqlGtidSet]>>): void => {
  fc.assert(fc.property(...law));
};

describe('algebra of MySQL GTID sets', () => {
  it('union is commutative, associative and idempotent', () => {
    check(set, set, set, (a, b, c) => {
      expect(a.union(b).equals(b.union(a))).toBe(true);
      expect(
        a
          .union(b)
          .union(c)
          .equals(a.union(b.union(c))),
      ).toBe(true);
      expect(a.union(a).equals(a)).toBe(true);
    });
  });

  it('a − b is disjoint from b, and together with a ∩ b it is a', () => {
    check(set, set, set, (a, b) => {
      const rest = a.subtract(b);
      expect(rest.intersect(b).isEmpty).toBe(true);
      expect(rest.union(a.intersect(b)).equals(a)).toBe(true);
      expect(rest.count() + a.intersect(b).count()).toBe(a.count());
    });
  });

  it('a is a subset of b exactly if a − b is empty', () => {
    check(set, set, set, (a, b, c) => {
      expect(a.isSubsetOf(b)).toBe(a.subtract(b).isEmpty);
      expect(a.intersect(c).isSubsetOf(a)).toBe(true);
      expect(a.isSubsetOf(a.union(c))).toBe(true);
    });
  });

  it('intersection is a − (a − b)', () => {
    check(set, set, set, (a, b) => {
      expect(a.intersect(b).equals(a.subtract(a.subtract(b)))).toBe(true);
    });
  });

  it('holds what was added, one transaction at a time, and nothing else', () => {
    const many = fc.uniqueArray(fc.bigInt(1n, 40n), { maxLength: 40 });
    fc.assert(
      fc.property(many, (numbers) => {
        const made = MysqlGtidSet.empty();
        const uuid = parseUuid(UUIDS[1]!);
        for (const number of numbers) made.addBytes(uuid, '', number);
        for (let n = 0n; n <= 41n; n += 1n) expect(made.contains(uuid, '', n)).toBe(numbers.includes(n));
        expect(made.count()).toBe(BigInt(numbers.length));
      }),
    );
  });

  it('leaves its operands alone', () => {
    const a = MysqlGtidSet.parse(`${UUIDS[0]}:1-5`);
    const b = MysqlGtidSet.parse(`${UUIDS[0]}:4-9,${UUIDS[1]}:1`);
    const union = a.union(b);
    union.addRange(UUIDS[0]!, '', 20n, 30n);
    union.addRange(UUIDS[1]!, '', 2n, 2n);
    a.clone().addRange(UUIDS[0]!, '', 6n, 6n);
    expect([a.format(), b.format(',')]).toEqual([`${UUIDS[0]}:1-5`, `${UUIDS[0]}:4-9,${UUIDS[1]}:1`]);
  });

  it('keeps tags of one uuid apart', () => {
    const tagged = MysqlGtidSet.parse(`${UUIDS[0]}:a:1-3`);
    expect(tagged.isSubsetOf(MysqlGtidSet.parse(`${UUIDS[0]}:1-3`))).toBe(false);
    expect(tagged.has(parseMysqlGtid(`${UUIDS[0]}:a:2`))).toBe(true);
    expect(tagged.has(parseMysqlGtid(`${UUIDS[0]}:2`))).toBe(false);
    expect([tagged.isTagged, MysqlGtidSet.empty().isTagged]).toEqual([true, false]);
  });

  it('finds a uuid in the middle of an event', () => {
    const event = Buffer.concat([Buffer.from([1, 2, 3]), parseUuid(UUIDS[1]!), Buffer.from([4])]);
    const made = MysqlGtidSet.of(parseMysqlGtid(`${UUIDS[1]}:7`));
    expect(made.contains(event, '', 7n, 3)).toBe(true);
    expect(made.contains(event, '', 7n, 2)).toBe(false);
  });

  it('agrees with its text, its bytes and its runs', () => {
    check(set, set, set, (a) => {
      expect(MysqlGtidSet.parse(a.format()).equals(a)).toBe(true);
      const bytes = a.toBytes();
      const back = MysqlGtidSet.fromBytes(bytes);
      expect(back.equals(a)).toBe(true);
      expect(back.format()).toBe(a.format());
      const rebuilt = MysqlGtidSet.empty();
      for (const run of a.intervals()) rebuilt.addRange(run.uuid, run.tag, run.first, run.last);
      expect(rebuilt.equals(a)).toBe(true);
    });
  });
});
