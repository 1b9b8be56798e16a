import { describe, expect, it } from 'vitest';
import { bound, PreparedStatements } from './prepared-statements.ts';

const MEBIBYTE = 1 << 20;

describe('the prepared statements of a session', () => {
  it('keep no more than a few megabytes, long data included', () => {
    const prepared = new PreparedStatements();
    const { id, statement } = prepared.prepare(Buffer.from('SELECT ?'));
    prepared.addLongData(id, 0, Buffer.alloc(3 * MEBIBYTE, 'a'));
    expect(() => prepared.prepare(Buffer.alloc(2 * MEBIBYTE, ' '))).toThrow('max_prepared_stmt_count');
    prepared.addLongData(id, 0, Buffer.alloc(3 * MEBIBYTE, 'a'));
    expect(() => bound(statement, [])).toThrow('longer than');
    prepared.forgetLongData(statement);
    prepared.addLongData(id, 0, Buffer.from('x'));
    expect(bound(statement, []).toString()).toBe("SELECT 'x'");
  });

  it('keep bytes that are no UTF-8', () => {
    const { statement } = new PreparedStatements().prepare(Buffer.from('SELECT ?, ?'));
    const text = bound(statement, [{ value: Buffer.of(0, 0xff) }, { value: Buffer.from('ü') }]);
    expect(text.toString()).toBe("SELECT 0x00ff, 'ü'");
  });

  it('take texts behind LIMIT for numbers, as drivers bind them', () => {
    const { statement } = new PreparedStatements().prepare(
      Buffer.from('SELECT ? FROM t LIMIT ?, ? UNION SELECT 1 LIMIT 1 OFFSET ?'),
    );
    const values = ['1', '2', '3', 'x'].map((value) => ({ value: Buffer.from(value) }));
    expect(bound(statement, values).toString()).toBe(
      "SELECT '1' FROM t LIMIT 2, 3 UNION SELECT 1 LIMIT 1 OFFSET 'x'",
    );
  });

  it('take data for no statement and for no parameter without a word: nobody waits for an answer', () => {
    const prepared = new PreparedStatements();
    const { id, statement } = prepared.prepare(Buffer.from('SELECT ?'));
    prepared.addLongData(id + 1, 0, Buffer.from('x'));
    prepared.addLongData(id, 1, Buffer.from('x'));
    expect(statement.longData.size).toBe(0);
  });

  it('have as many parameters as the protocol can count', () => {
    const prepared = new PreparedStatements();
    const text = (count: number): Buffer => Buffer.from(`DO ${'?,'.repeat(count - 1)}?`);
    expect(prepared.prepare(text(0xffff)).statement.places).toHaveLength(0xffff);
    expect(() => prepared.prepare(text(0x1_0000))).toThrow('too many placeholders');
  });
});
