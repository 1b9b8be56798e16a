import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../connection/index.ts';
import { ServerError } from '../../errors/index.ts';
import type { UnderWay } from './choose-session.ts';
import { Crew } from './crew.ts';
import type { ApplySession } from './session/apply-session.ts';
import { RETAINED_LIMIT } from './session/held-bytes.ts';
import { SessionProgress } from './session/session-progress.ts';
import { SessionMemory } from './session/session-settings.ts';
import { StatementStream } from './session/statement-stream.ts';
import { turnStatement } from './session/turn-statement.ts';
import { lateTurn } from './session/unsent-statements.ts';

const GUARD = /^SET @rowlock = IF\(@rowlock = (\d+), NULL/;
const TURN = /^SET @rowlock = IF\(WAIT_FOR_EXECUTED_GTID_SET\('(\d+)'/;
const NUMBER =
  /^SET @rowlock = (\d+)(?:, @rowlock_turn = [\d.]+)?(?:, @@session\.innodb_lock_wait_timeout = (\d+))?$/;
/** More than what is taken to be done before another session has heard of its turn. */
const LARGE = 1024 * 1024;

/** What sessions share: what is committed, and what stands in the way of a statement. */
class FakeServer {
  /** Texts of `WRITE …`, in the order of their COMMITs. */
  readonly committed: string[] = [];
  /** What was done, whatever became of it. */
  readonly done: string[] = [];
  /** Errors that a statement ends in, one a try. */
  readonly errors = new Map<string, number[]>();
  /** Of each `WRITE …`, how long it would have waited for a lock. */
  readonly lockWaits: string[] = [];
  /** GTIDs that are waited for too long, once each. */
  readonly late = new Set<string>();
  #waiting: (() => void)[] = [];

  commit(texts: readonly string[]): void {
    this.committed.push(...texts);
    for (const tell of this.#waiting.splice(0)) tell();
  }

  /** False: it took too long. */
  async waitFor(gtid: string): Promise<boolean> {
    if (this.late.delete(gtid)) return false;
    while (!this.committed.includes(gtid))
      // oxlint-disable-next-line no-await-in-loop -- until it is committed
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    return true;
  }

  /** By all sessions. */
  readonly held = { retained: 0, queued: 0 };
  /** There while no session takes more. */
  clogged: Promise<void> | undefined;

  /** What a statement waits for. */
  readonly gates = new Map<string, Promise<void>>();
}

/** A session of it, as far as a stream uses one. */
class FakeSession {
  readonly #server: FakeServer;
  #number: number | undefined;
  #lockWait = 50;
  #open: string[] = [];
  #last: Promise<unknown> = Promise.resolve();
  readonly #answers: { readonly run: Promise<void>; readonly count: { answered: number } }[] = [];
  answered = 0;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  pipeline(): this {
    return this;
  }

  get unanswered(): number {
    return this.#answers.length;
  }

  add(command: readonly Uint8Array[]): void {
    const count = { answered: 0 };
    const run = this.#last.then(() => this.#run(Buffer.concat(command).toString().split(';'), count));
    this.#last = run.catch(() => undefined);
    this.#answers.push({ run, count });
  }

  flush(): Promise<void> | undefined {
    return this.#server.clogged;
  }

  async answer(): Promise<void> {
    const { run, count } = this.#answers.shift()!;
    try {
      await run;
    } finally {
      this.answered = count.answered;
    }
  }

  end(): void {
    expect(this.#answers).toEqual([]);
  }

  async query(sql: string): Promise<void> {
    await this.#run([sql], { answered: 0 });
  }

  async #run(statements: readonly string[], count: { answered: number }): Promise<void> {
    for (const statement of statements) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await this.#statement(statement);
      count.answered += 1;
    }
  }

  async #statement(sql: string): Promise<void> {
    const { done, errors, gates } = this.#server;
    const guard = GUARD.exec(sql);
    if (guard !== null) {
      if (this.#number !== Number(guard[1])) throw new ServerError(1242, '21000', 'more than 1 row');
      this.#number = undefined;
      return;
    }
    const turn = TURN.exec(sql);
    if (turn !== null) {
      if (!(await this.#server.waitFor(turn[1]!))) throw new ServerError(1242, '21000', 'more than 1 row');
      return;
    }
    const number = NUMBER.exec(sql);
    if (number !== null) {
      this.#number = Number(number[1]);
      this.#lockWait = Number(number[2] ?? this.#lockWait);
      return;
    }
    await gates.get(sql);
    done.push(sql);
    if (sql.startsWith('WRITE ')) this.#server.lockWaits.push(`${sql.slice(6)}: ${this.#lockWait}`);
    const errno = errors.get(sql)?.shift();
    if (errno !== undefined) {
      this.#open = [];
      throw new ServerError(errno, 'HY000', `error ${errno} of ${sql}`);
    }
    if (sql.startsWith('WRITE ')) this.#open.push(sql.slice(6));
    else if (sql === 'COMMIT') this.#server.commit(this.#open.splice(0));
    else if (sql === 'ROLLBACK') this.#open = [];
  }
}

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});

function session(crew: Crew, lockWait?: number): ApplySession {
  const connection = new FakeSession(server) as unknown as Connection;
  const made = {
    context: { place: {}, gtid: undefined },
    progress: new SessionProgress(),
    stream: new StatementStream(connection, {
      lockWait,
      held: server.held,
      isBehind: () => crew.isBehind(made),
      events: {
        waits: () => crew.makeWay(made),
        retries: () => crew.makeWay(made),
        failed: (error) => crew.failSession(error, made),
      },
    }),
  } as unknown as ApplySession;
  return made;
}

function crewOf(workers: number, keepsOrder = true, waitsForGtids = false, lockWait?: number): Crew {
  const crew: Crew = new Crew({
    workers,
    keepsOrder,
    waitsForGtids,
    open: async () => {
      const another = session(crew, lockWait);
      crew.add(another);
      return another;
    },
  });
  crew.add(session(crew, lockWait));
  return crew;
}

/** Gives a transaction to a crew, as far as its rows. */
async function begin(crew: Crew, number: number, after = 0, length = LARGE): Promise<UnderWay> {
  const underWay = await crew.enlist({ number, after, length }, String(number));
  const { stream, context } = underWay.session;
  if (underWay.after !== undefined) stream.unsent.add(turnStatement(underWay.after), { explain: lateTurn });
  stream.unsent.add('BEGIN');
  stream.unsent.add(`WRITE ${number}`);
  await stream.send(false, context);
  return underWay;
}

async function end(crew: Crew, underWay: UnderWay): Promise<void> {
  const { stream, context } = underWay.session;
  await crew.finish(underWay, async (done) => {
    stream.unsent.add('COMMIT');
    await stream.send(true, context, done);
  });
}

const apply = async (crew: Crew, number: number, after = 0, length = LARGE): Promise<void> =>
  end(crew, await begin(crew, number, after, length));

/** Something that waits until it is opened. */
function gate(statement: string): () => void {
  let open = (): void => undefined;
  server.gates.set(
    statement,
    new Promise((resolve) => {
      open = resolve;
    }),
  );
  return open;
}

const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

/** Until whatever can go on has gone on: promises, and the pause of 0 s before the first try. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1)
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
};

describe('several sessions', () => {
  it('commit in the order of the source, whoever has done its rows first', async () => {
    const crew = crewOf(4);
    const open = gate('WRITE 1');
    for (const number of [1, 2, 3, 4]) await apply(crew, number);
    await settle();
    expect(crew.sessions.length).toBe(4);
    expect(server.done.filter((sql) => sql.startsWith('WRITE'))).toEqual(['WRITE 2', 'WRITE 3', 'WRITE 4']);
    expect(server.committed).toEqual([]);
    open();
    await crew.drained();
    expect(server.committed).toEqual(texts(1, 4));
  });

  it('give news of each commit, until nothing is under way', async () => {
    const crew = crewOf(4);
    const gates = [gate('WRITE 1'), gate('WRITE 2')];
    for (const number of [1, 2]) await apply(crew, number);
    for (const [index, open] of gates.entries()) {
      const news = crew.underWay();
      expect(news).toBeDefined();
      open();
      await news;
      // That a session is free again is news, too.
      while (server.committed.length <= index) await crew.underWay();
    }
    await settle();
    expect(crew.underWay()).toBeUndefined();
    expect(server.committed).toEqual(texts(1, 2));
  });

  it('commit when they are done, where order does not matter', async () => {
    const crew = crewOf(4, false);
    const open = gate('WRITE 1');
    for (const number of [1, 2, 3]) await apply(crew, number);
    await settle();
    expect(server.committed).toEqual(['2', '3']);
    open();
    await crew.drained();
    expect(server.committed).toEqual(['2', '3', '1']);
  });

  it('read on where the server takes no more for the moment', async () => {
    const crew = crewOf(2);
    let unclog = (): void => undefined;
    server.clogged = new Promise((resolve) => {
      unclog = resolve;
    });
    const large = await begin(crew, 1);
    await settle();
    const { stream, context } = large.session;
    for (const part of ['a', 'b', 'c']) {
      stream.unsent.add(`WRITE 1${part}`);
      stream.unsent.add(`'${'x'.repeat(LARGE)}'`);
      await stream.send(false, context);
    }
    await end(crew, large);
    server.clogged = undefined;
    await apply(crew, 2);
    await settle();
    expect(server.done.filter((sql) => sql.startsWith('WRITE'))).toEqual(['WRITE 1', 'WRITE 2']);
    unclog();
    await crew.drained();
    expect(server.committed).toEqual(['1', '1a', '1b', '1c', '2']);
  });

  describe('that hold as much as they may', () => {
    /** Sends what is too large to go on behind another one. */
    async function sendLarge(underWay: UnderWay): Promise<void> {
      server.held.retained += RETAINED_LIMIT;
      const { stream, context } = underWay.session;
      stream.unsent.add(`'${'x'.repeat(LARGE)}'`);
      await stream.send(false, context);
    }

    it('go on once nobody is before them', async () => {
      const crew = crewOf(2);
      const open = gate('WRITE 1');
      await apply(crew, 1);
      const second = await begin(crew, 2);
      let isSent = false;
      const sent = sendLarge(second).then(() => {
        isSent = true;
      });
      await settle();
      expect(isSent).toBe(false);
      open();
      await sent;
      await end(crew, second);
      await crew.drained();
      expect(server.committed).toEqual(texts(1, 2));
    });

    it('do not wait for one that has failed', async () => {
      const crew = crewOf(2);
      const fail = gate('WRITE 1');
      server.errors.set('WRITE 1', [1062]);
      await apply(crew, 1);
      const sent = sendLarge(await begin(crew, 2));
      await settle();
      fail();
      await sent;
      await expect(crew.drained()).rejects.toThrow('1062 of WRITE 1');
    });
  });

  it('begin nothing that must wait for what others have under way', async () => {
    const crew = crewOf(4);
    const open = gate('WRITE 2');
    await apply(crew, 1);
    await apply(crew, 2);
    const third = apply(crew, 3, 2);
    await settle();
    expect(server.done).not.toContain('WRITE 3');
    open();
    await third;
    await crew.drained();
    expect(server.committed).toEqual(texts(1, 3));
  });

  it('leave small transactions to one of them', async () => {
    const crew = crewOf(4);
    for (let number = 1; number <= 20; number += 1) await apply(crew, number, 0, 100);
    await crew.drained();
    expect(crew.sessions.length).toBe(1);
    expect(server.committed).toEqual(texts(1, 20));
  });
});

describe('several sessions of a server that waits for GTIDs', () => {
  const SMALL = 100;

  it('take small transactions in turn, and commit them in order', async () => {
    const crew = crewOf(4, true, true);
    const open = gate('WRITE 1');
    for (let number = 1; number <= 12; number += 1) await apply(crew, number, 0, SMALL);
    await settle();
    expect(crew.sessions.length).toBe(4);
    expect(server.done.filter((sql) => sql.startsWith('WRITE'))).toEqual(['WRITE 2', 'WRITE 3', 'WRITE 4']);
    expect(server.committed).toEqual([]);
    open();
    await crew.drained();
    expect(server.committed).toEqual(texts(1, 12));
  });

  it('begin nothing there that must wait for what others have under way', async () => {
    const crew = crewOf(4, true, true);
    const open = gate('WRITE 2');
    await apply(crew, 1, 0, SMALL);
    await apply(crew, 2, 1, SMALL);
    await apply(crew, 3, 0, SMALL);
    await apply(crew, 4, 2, SMALL);
    await settle();
    expect(server.committed).toEqual(['1']);
    expect(server.done).toContain('WRITE 3');
    expect(server.done).not.toContain('WRITE 4');
    open();
    await crew.drained();
    expect(server.committed).toEqual(texts(1, 4));
  });

  it('do it again where their turn comes late, which is no retry', async () => {
    const crew = crewOf(2, true, true);
    const open = gate('WRITE 1');
    server.late.add('1').add('3');
    for (let number = 1; number <= 8; number += 1) await apply(crew, number, 0, SMALL);
    await settle();
    open();
    await crew.drained();
    expect(server.committed).toEqual(texts(1, 8));
    expect(server.done.filter((sql) => sql === 'WRITE 2').length).toBe(2);
    expect(crew.sessions.map(({ stream }) => stream.retried)).toEqual([0, 0]);
  });

  it('take what waits for an older one beside the newer one of its session, where order does not matter', async () => {
    const crew = crewOf(2, false, true);
    const gates = ['WRITE 1', 'WRITE 2', 'WRITE 3'].map((sql) => gate(sql));
    await apply(crew, 1);
    await apply(crew, 2, 1);
    expect(crew.sessions.length).toBe(1);
    await apply(crew, 3, 1);
    expect(crew.sessions.length).toBe(2);
    gates[2]!();
    await settle();
    expect(server.done).not.toContain('WRITE 3');
    gates[0]!();
    await settle();
    expect(server.committed).toEqual(['1', '3']);
    gates[1]!();
    await crew.drained();
    expect(server.committed).toEqual(['1', '3', '2']);
  });

  it('let a large transaction wait for its turn, and those behind it for it', async () => {
    const crew = crewOf(3, true, true);
    const open = gate('WRITE 2');
    await apply(crew, 1, 0, SMALL);
    const large = await begin(crew, 2, 0, LARGE);
    await end(crew, large);
    for (const number of [3, 4, 5]) await apply(crew, number, 0, SMALL);
    await settle();
    expect(server.committed).toEqual(['1']);
    open();
    await crew.drained();
    expect(server.committed).toEqual(texts(1, 5));
  });

  it('commit nothing behind an error', async () => {
    const crew = crewOf(3, true, true);
    server.errors.set('WRITE 4', [1062]);
    const applied = (async () => {
      for (let number = 1; number <= 6; number += 1) await apply(crew, number, 0, SMALL);
      await crew.drained();
    })();
    await expect(applied).rejects.toThrow('1062 of WRITE 4');
    await settle();
    expect(server.committed).toEqual(texts(1, 3));
  });
});

describe('a transaction that loses a lock', () => {
  it('is done again, and those behind it give way and come after it', async () => {
    const crew = crewOf(3);
    const open = gate('WRITE 1');
    const lose = gate('WRITE 2');
    server.errors.set('WRITE 2', [1213]);
    for (const number of [1, 2, 3]) await apply(crew, number);
    await settle();
    lose();
    await settle();
    expect(server.committed).toEqual([]);
    open();
    await crew.drained();
    expect(server.committed).toEqual(texts(1, 3));
    const writes = server.done.filter((sql) => sql.startsWith('WRITE'));
    expect(writes.filter((sql) => sql === 'WRITE 2').length).toBe(2);
    // Its locks were in the way: it was taken back, and done anew.
    expect(writes.filter((sql) => sql === 'WRITE 3').length).toBeGreaterThan(1);
    expect(writes.filter((sql) => sql === 'WRITE 1')).toEqual(['WRITE 1']);
  });

  it('is done again with those that its session has taken behind it', async () => {
    const crew = crewOf(2);
    server.errors.set('WRITE 3', [1205]);
    for (let number = 1; number <= 6; number += 1) await apply(crew, number, 0, 100);
    await crew.drained();
    expect(server.committed).toEqual(texts(1, 6));
  });
});

describe('a transaction that waits for a lock', () => {
  const LOCK_WAIT = 50;

  it('waits a moment until those behind it give way, and then as long as others do: no retry', async () => {
    const crew = crewOf(3, true, false, LOCK_WAIT);
    server.errors.set('WRITE 1', [1205]);
    const lose = gate('WRITE 1');
    for (const number of [1, 2, 3]) await apply(crew, number);
    await settle();
    lose();
    await crew.drained();
    for (const number of [4, 5, 6]) await apply(crew, number);
    await crew.drained();
    expect(server.committed).toEqual(texts(1, 6));
    expect(server.lockWaits.filter((wait) => wait.startsWith('1:'))).toEqual(['1: 1', '1: 50']);
    // They were taken back.
    for (const number of [2, 3])
      expect(server.lockWaits.filter((wait) => wait === `${number}: 1`).length).toBe(2);
    expect(server.lockWaits.slice(-3)).toEqual(['4: 1', '5: 1', '6: 1']);
    expect(crew.sessions.map(({ stream }) => stream.retried)).toEqual([0, 0, 0]);
  });

  describe('as long as anybody', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    });

    afterEach(() => {
      vi.useRealTimers();
    });

    it('has those behind it give way when it gets no answer', async () => {
      const crew = crewOf(2);
      const open = gate('WRITE 1');
      for (const number of [1, 2]) await apply(crew, number);
      await settle();
      vi.advanceTimersByTime(3000);
      await settle();
      expect(server.done).not.toContain('ROLLBACK');
      vi.advanceTimersByTime(2000);
      await settle();
      expect(server.done).toContain('ROLLBACK');
      open();
      await crew.drained();
      expect(server.done.filter((sql) => sql.startsWith('WRITE'))).toEqual(['WRITE 2', 'WRITE 1', 'WRITE 2']);
      expect(server.committed).toEqual(texts(1, 2));
      vi.advanceTimersByTime(1000);
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  it('has then its retries, and no more', async () => {
    server.errors.set(
      'WRITE 1',
      Array.from({ length: 30 }, () => 1205),
    );
    const stream = new StatementStream(new FakeSession(server) as unknown as Connection, {
      retries: 1,
      lockWait: LOCK_WAIT,
    });
    stream.unsent.add('WRITE 1');
    await stream.send(true, { place: {}, gtid: undefined });
    await expect(stream.settled()).rejects.toThrow('1205');
    expect(server.lockWaits).toEqual(['1: 1', '1: 50', '1: 50']);
    expect(stream.retried).toBe(1);
  });

  it('waits as long as others do once it is long: it may be too long to be kept', async () => {
    const stream = new StatementStream(new FakeSession(server) as unknown as Connection, {
      lockWait: LOCK_WAIT,
    });
    const context = { place: {}, gtid: undefined };
    for (const word of ['a', 'b', 'c']) {
      stream.unsent.add(`WRITE ${word}`);
      stream.unsent.add(`'${'x'.repeat(LARGE)}'`);
      await stream.send(word === 'c', context);
    }
    stream.unsent.add('WRITE d');
    await stream.send(true, context);
    await stream.settled();
    expect(server.lockWaits).toEqual(['a: 1', 'b: 50', 'c: 50', 'd: 1']);
  });
});

describe('a transaction that is done again', () => {
  it('begins with what its session had been told before it', async () => {
    const stream = new StatementStream(new FakeSession(server) as unknown as Connection);
    const memory = new SessionMemory();
    memory.change({ foreign_key_checks: '1', unique_checks: '1' });
    memory.begin();
    const { before } = memory;
    stream.unsent.add('WRITE 1');
    stream.unsent.add(memory.change({ foreign_key_checks: '0' })!);
    stream.unsent.add('WRITE 2');
    stream.unsent.add(memory.change({ foreign_key_checks: '1', sql_mode: '0' })!);
    stream.unsent.add('COMMIT');
    memory.begin();
    memory.change({ unique_checks: '0' });
    server.errors.set('WRITE 2', [1213]);
    await stream.send(true, { place: {}, gtid: undefined, before });
    await stream.settled();
    const first = ['WRITE 1', 'SET @@session.foreign_key_checks=0', 'WRITE 2'];
    expect(server.done).toEqual([
      ...first,
      'ROLLBACK',
      'SET @@session.foreign_key_checks=1',
      ...first,
      'SET @@session.foreign_key_checks=1, @@session.sql_mode=0',
      'COMMIT',
    ]);
  });
});

describe('an error', () => {
  it('stops everything after it and nothing before it', async () => {
    const crew = crewOf(5);
    const open = [gate('WRITE 1'), gate('WRITE 2')];
    const fail = gate('WRITE 3');
    server.errors.set('WRITE 3', [1062]);
    for (const number of [1, 2, 3, 4, 5]) await apply(crew, number);
    const news = crew.underWay();
    fail();
    await news;
    // Whoever reads on asks what it was.
    expect(crew.underWay()).toBeUndefined();
    await settle();
    // Those before it have their turn still.
    const next = expect(crew.enlist({ number: 6, after: 0, length: LARGE })).rejects.toThrow(
      '1062 of WRITE 3',
    );
    await settle();
    for (const one of open) one();
    await next;
    await expect(crew.drained()).rejects.toThrow('1062 of WRITE 3');
    expect(server.committed).toEqual(['1', '2']);
  });

  it('is the first in the order of the source, whichever came first', async () => {
    const crew = crewOf(4);
    const first = gate('WRITE 2');
    const last = gate('WRITE 4');
    server.errors.set('WRITE 2', [1032]);
    server.errors.set('WRITE 4', [1062]);
    for (const number of [1, 2, 3, 4]) await apply(crew, number);
    last();
    await settle();
    first();
    await expect(crew.drained()).rejects.toThrow('1032 of WRITE 2');
    expect(server.committed).toEqual(['1']);
  });

  it('of a COMMIT is one', async () => {
    const crew = crewOf(2);
    server.errors.set('COMMIT', [3101]);
    await apply(crew, 1);
    await expect(crew.drained()).rejects.toThrow('3101 of COMMIT');
    expect(server.committed).toEqual([]);
  });
});
