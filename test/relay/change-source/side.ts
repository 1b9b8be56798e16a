import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '../../../src/connection/index.ts';
import type { Family } from './settings.ts';

/** How a channel fared. */
export interface Fate {
  /** `Yes`, `Connecting` or `No`, when the first verdict was there; `refused`: CHANGE … TO itself failed. */
  readonly running: string;
  readonly errno: number;
  readonly text: string;
}

/** No verdict within this time is a verdict too. */
const PATIENCE_MS = 60_000;

/** A receiver that runs may still be refused when it registers: how long until it is looked at again. */
const SECOND_LOOK_MS = 60;
/** Where the two sides differ: one of them may have been looked at too early. */
export const PATIENT_LOOK_MS = 10_000;

type Words = Readonly<Record<'change' | 'stop' | 'reset' | 'start' | 'show', string>>;

let channels = 0;

/** The statements for a channel. MariaDB's RESET SLAVE ALL keeps TLS settings: only a connection of a new name has none. */
function wordsOf(family: Family): Words {
  if (family === 'mysql') {
    return {
      change: 'CHANGE REPLICATION SOURCE TO',
      stop: 'STOP REPLICA',
      reset: 'RESET REPLICA ALL',
      start: 'START REPLICA IO_THREAD',
      show: 'SHOW REPLICA STATUS',
    };
  }
  channels += 1;
  const name = `'c${channels}'`;
  return {
    change: `CHANGE MASTER ${name} TO`,
    stop: `STOP SLAVE ${name}`,
    reset: `RESET SLAVE ${name} ALL`,
    start: `START SLAVE ${name} IO_THREAD`,
    show: `SHOW SLAVE ${name} STATUS`,
  };
}

/** Sets a channel up with these options, starts its receiver, waits for what it says, and removes it. */
export async function tryChannel(
  server: Connection,
  family: Family,
  options: string,
  secondLookMs: number = SECOND_LOOK_MS,
): Promise<Fate> {
  const words = wordsOf(family);
  try {
    await server.query(`${words.change} ${options}`);
    await server.query(words.start);
    return await verdict(server, words.show, secondLookMs);
  } catch (error) {
    const { errno = 0, message } = error as Error & { errno?: number };
    return { running: 'refused', errno, text: message };
  } finally {
    await server.query(words.stop).catch(() => undefined);
    await server.query(words.reset).catch(() => undefined);
  }
}

async function verdict(server: Connection, show: string, secondLookMs: number): Promise<Fate> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const fate = await status(server, show);
    // A replica that gives up says why first.
    const isStopping = fate.text.startsWith('Fatal error') && fate.running !== 'No';
    if (fate.errno !== 0 && !isStopping) return fate;
    if (fate.running === 'Yes') {
      await pause(secondLookMs);
      const second = await status(server, show);
      if (second.errno !== 0 || second.running === 'Yes') return second;
    }
    if (Date.now() > end) return { ...fate, running: 'undecided' };
    await pause(10);
  }
}

async function status(server: Connection, show: string): Promise<Fate> {
  const { columns, rows } = await server.query(show);
  const column = (...names: readonly string[]): string =>
    rows[0]?.[columns.findIndex(({ name }) => names.includes(name))]?.toString() ?? '';
  return {
    running: column('Replica_IO_Running', 'Slave_IO_Running'),
    errno: Number(column('Last_IO_Errno')),
    text: column('Last_IO_Error'),
  };
}
