import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Column, ColumnCode, type TableMap } from '../../binlog/index.ts';
import type { Connection, ResultSet } from '../../connection/index.ts';
import { ConnectionError } from '../../errors/index.ts';
import { ServerColumns } from './server-columns.ts';

/** A conversation that knows two tables, and takes one question at a time. */
class Conversation {
  readonly asked: string[] = [];
  closed = 0;
  readonly #metadata: string | undefined;
  #isBusy = false;
  #destroy: () => void = () => {};
  readonly #destroyed = new Promise<never>((_, reject) => {
    this.#destroy = () => reject(new ConnectionError(2013, 'lost'));
  });

  constructor(metadata: string | undefined) {
    this.#metadata = metadata;
  }

  async query(statement: string): Promise<ResultSet> {
    if (this.#isBusy) throw new Error('asked while another question was under way');
    this.#isBusy = true;
    if (!this.isKept) throw new Error('the process may end before the answer');
    this.#isBusy = !statement.startsWith('SET');
    if (!this.#isBusy) return { rows: [] } as unknown as ResultSet;
    if (statement.includes("'stuck'")) await this.#destroyed;
    await turn();
    this.#isBusy = false;
    this.asked.push(statement);
    const rows = statement.startsWith('SHOW')
      ? [['binlog_row_metadata', this.#metadata ?? '']]
      : statement.includes("''")
        ? []
        : [[statement.includes("'one'") ? 'first' : 'second', 'int', 'int unsigned', null]];
    return {
      rows: rows.map((row) => row.map((value) => (value === null ? null : Buffer.from(value)))),
    } as unknown as ResultSet;
  }

  /** Whether a process waits for it. */
  isKept = true;

  keepProcess(keeps: boolean): void {
    this.isKept = keeps;
  }

  destroy(): void {
    this.#destroy();
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

/** Of a stream that nobody stops. */
const going = new AbortController().signal;

function columnsBy(conversation: Conversation): ServerColumns {
  return new ServerColumns({ user: 'u' }, conversation as unknown as Connection);
}

function tableMap(table: string): TableMap {
  const columns = [new Column(0, ColumnCode.LONG, 0)];
  return { schema: Buffer.from('d'), table: Buffer.from(table), columns } as unknown as TableMap;
}

test('questions of several streams take turns', async () => {
  const conversation = new Conversation('MINIMAL');
  const server = columnsBy(conversation);
  server.prepare(going);
  const [one, two] = [tableMap('one'), tableMap('two')];
  await Promise.all([server.complete(one, going), server.complete(two, going)]);
  expect([one, two].map(({ columns: [column] }) => [column!.name, column!.unsigned])).toEqual([
    ['first', true],
    ['second', true],
  ]);
});

test('a question that fails does not hold up the next', async () => {
  const server = columnsBy(new Conversation('MINIMAL'));
  const lost = server.complete({ ...tableMap('one'), columns: [] } as unknown as TableMap, going);
  const two = tableMap('two');
  const known = server.complete(two, going);
  await expect(lost).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
  await known;
  expect(two.columns[0]!.name).toBe('second');
});

test.each([
  ['MINIMAL', 2],
  ['NO_LOG', 2],
  [undefined, 2],
  ['FULL', 1],
])('once, it is asked ahead where logs have %s metadata', async (metadata, questions) => {
  const conversation = new Conversation(metadata);
  const server = columnsBy(conversation);
  server.prepare(going);
  server.prepare(going);
  await server.complete(tableMap('one'), going);
  expect(conversation.asked).toHaveLength(questions + 1);
  // It was open before: it is not ours to close.
  expect(conversation.closed).toBe(0);
  await server.close();
  expect(conversation.closed).toBe(1);
});

test('a process may end between questions', async () => {
  const conversation = new Conversation('MINIMAL');
  const server = columnsBy(conversation);
  expect(conversation.isKept).toBe(false);
  await server.complete(tableMap('one'), going);
  expect(conversation.isKept).toBe(false);
});

test('whoever stops is not kept by a question that has no answer, and no other conversation is begun', async () => {
  const server = columnsBy(new Conversation('MINIMAL'));
  const stopping = new AbortController();
  const asked = server.complete(tableMap('stuck'), stopping.signal);
  await turn();
  stopping.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
  await expect(server.complete(tableMap('one'), stopping.signal)).rejects.toThrow('enough');
});

test('a table with fewer columns than the log has was altered, or is not seen whole', async () => {
  const map = tableMap('one');
  const columns = [...map.columns, new Column(1, ColumnCode.LONG, 0)];
  const asked = columnsBy(new Conversation('MINIMAL')).complete({ ...map, columns }, going);
  await expect(asked).rejects.toMatchObject({
    code: 'SCHEMA_DRIFT',
    message:
      'the server shows 1 columns of d.one, and the log has 2: it was altered, or this account has no privilege on some of them',
  });
});
