import { describe, expect, test } from 'vitest';
import { GtidNext } from './gtid-next.ts';

const UUID = 'c19ba61d-e555-11f1-844f-02fc00000001';

/** The words of MySQL 9.7.4, from asking it. */
describe('GTID_NEXT', () => {
  test('names one empty transaction, from SET to COMMIT', () => {
    const next = new GtidNext();
    expect(next.set(`${UUID.toUpperCase()}:Tag:9`)).toBe(`${UUID}:tag:9`);
    next.begin();
    expect(next.inTransaction).toBe(true);
    expect(next.end(false)).toEqual({ uuid: UUID, tag: 'tag', gno: 9n });
    expect(next.end(false)).toBeUndefined();
    expect(next.inTransaction).toBe(false);
  });

  test('names nothing after ROLLBACK, and nothing by itself', () => {
    const next = new GtidNext();
    next.set(`${UUID}:4`);
    next.end(false);
    expect(next.end(false)).toBeUndefined();
    expect(next.set('automatic')).toBe('AUTOMATIC');
    next.begin();
    expect(next.end(false)).toBeUndefined();
  });

  test.each([
    ['x', "Malformed GTID specification 'x'."],
    [`${UUID}:5-7`, `Malformed GTID specification '${UUID}:5-7'.`],
    [`${UUID}:0`, `Malformed GTID specification '${UUID}:0'.`],
    ['ANONYMOUS', '@@SESSION.GTID_NEXT cannot be set to ANONYMOUS when @@GLOBAL.GTID_MODE = ON.'],
    [null, "Variable 'gtid_next' can't be set to the value of 'NULL'"],
    [3, "Incorrect argument type to variable 'gtid_next'"],
  ])('refuses %s', (value, message) => {
    expect(() => new GtidNext().set(value)).toThrow(message);
  });

  test('is released by a statement that fails, but inside a transaction', () => {
    const next = new GtidNext();
    next.set(`${UUID}:4`);
    next.failed();
    expect(next.end(false)).toBeUndefined();
    next.set(`${UUID}:5`);
    next.begin();
    expect(() => next.set('AUTOMATIC')).toThrow('cannot be set when there is an ongoing transaction');
    next.failed();
    expect(next.end(false)).toMatchObject({ gno: 5n });
  });

  test('cannot be changed inside a transaction, nor while it is owned', () => {
    const next = new GtidNext();
    next.begin();
    expect(() => next.set('AUTOMATIC')).toThrow('cannot be set when there is an ongoing transaction');
    next.end(false);
    next.set(`${UUID}:4`);
    expect(() => next.set(`${UUID}:5`)).toThrow(`The client owns ${UUID}:4. Ownership is released`);
  });
});
