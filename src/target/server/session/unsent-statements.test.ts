import { describe, expect, it } from 'vitest';
import { UnsentStatements } from './unsent-statements.ts';

const textOf = ({ bytes }: { readonly bytes: Buffer }): string => bytes.toString();

describe('statements', () => {
  it('are as many to a command as a packet holds, and what asks about one comes with it', () => {
    const unsent = new UnsentStatements();
    const explain = () => new Error('told');
    for (const statement of ['aa', 'bbb', 'c']) unsent.add(statement);
    unsent.add('?', { isTied: true, explain });
    unsent.add(Buffer.from('dddd'));
    expect(textOf(unsent.take(9))).toBe(';aa;bbb');
    const command = unsent.take(8);
    expect([textOf(command), command.statements, command.explain]).toEqual([';c;?', 2, [undefined, explain]]);
    expect(textOf(unsent.take(5))).toBe(';dddd');
    expect([unsent.bytes, unsent.length]).toEqual([0, 0]);
  });

  it('that no packet holds are refused', () => {
    const unsent = new UnsentStatements();
    unsent.add('1234567');
    expect(() => unsent.take(7)).toThrow('a statement of 8 bytes is more than the target takes in a packet');
    unsent.add('?', { isTied: true });
    expect(() => unsent.take(8)).toThrow('a statement of 10 bytes is more than the target takes in a packet');
  });
});
