import { describe, expect, it } from 'vitest';
import { Column, ColumnCode } from '../../../binlog/index.ts';
import { isIrregular } from './sql-literal.ts';

function column(code: number, charset?: string): Column {
  const isEnum = code === ColumnCode.ENUM;
  const made = new Column(0, isEnum ? ColumnCode.STRING : code, isEnum ? (code << 8) | 1 : 20);
  made.charset = charset;
  return made;
}

describe('a value that a strict session refuses', () => {
  it("is an ENUM's place 0, and not bytes that are no text: another session would cut them off", () => {
    expect(isIrregular(0, column(ColumnCode.ENUM))).toBe(true);
    expect(isIrregular(1, column(ColumnCode.ENUM))).toBe(false);
    expect(isIrregular(Buffer.from('9c68', 'hex'), column(ColumnCode.VARCHAR, 'ascii'))).toBe(false);
  });
});
