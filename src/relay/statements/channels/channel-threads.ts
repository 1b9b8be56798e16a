import type { Threads } from '../../channel/threads.ts';
import type { ChannelControl } from '../../streams.ts';
import type { Relay } from '../context.ts';

/** A running half of a channel, as the process list shows it: MySQL's replicas have a thread for each. */
export interface ChannelThread {
  readonly id: number;
  readonly host: string;
  readonly command: string;
  readonly state: string;
  readonly startedAt: number;
  readonly control: ChannelControl;
  readonly threads: Threads;
}

/** Above the ids of sessions, which count up from 1. */
const FIRST_ID = 4_000_000_000;
const FIRST_WORKER_ID = 4_100_000_000;
/** Sessions of a target, at most. */
const MOST_WORKERS = 64;

/** Receivers and appliers that run. Their ids stay as long as no channel is made or removed. */
export function channelThreads({ flavor, streams }: Pick<Relay, 'flavor' | 'streams'>): ChannelThread[] {
  const isMysql = flavor === 'mysql';
  const threads: ChannelThread[] = [];
  for (const [index, control] of streams.channels.all.entries()) {
    const { receiver, applier } = control.status();
    const first = FIRST_ID + index * 2;
    if (receiver.state !== 'OFF') {
      threads.push({
        id: first,
        host: isMysql ? 'connecting host' : '',
        command: isMysql ? 'Connect' : 'Slave_IO',
        state: receiver.stage,
        startedAt: receiver.startedAt,
        control,
        threads: { receiver: true, applier: false },
      });
    }
    if (applier.state !== 'OFF') {
      threads.push({
        id: first + 1,
        host: '',
        command: isMysql ? 'Connect' : 'Slave_SQL',
        state: applier.stage,
        startedAt: applier.startedAt,
        control,
        threads: { receiver: false, applier: true },
      });
    }
  }
  return threads;
}

/** The id of a thread of a channel; null: it does not run. */
export function threadId(
  relay: Pick<Relay, 'flavor' | 'streams'>,
  control: ChannelControl,
  half: keyof Threads,
): number | null {
  return (
    channelThreads(relay).find((thread) => thread.control === control && thread.threads[half])?.id ?? null
  );
}

/** The id of one of a channel's workers, which no process list shows; they count from 1. */
export function workerThreadId(
  { streams }: Pick<Relay, 'streams'>,
  control: ChannelControl,
  worker: number,
): number {
  return FIRST_WORKER_ID + streams.channels.all.indexOf(control) * MOST_WORKERS + worker;
}
