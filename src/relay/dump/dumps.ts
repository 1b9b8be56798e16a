import { basename } from 'node:path';
import type { Session } from '../../connection/index.ts';
import { RowlockError, ServerError } from '../../errors/index.ts';
import { STORE_MISSING } from '../../store/index.ts';
import { SEMISYNC_MAGIC } from '../../wire/index.ts';
import type { BinaryLog } from '../binary-log/index.ts';
import type { DumpOrder, Dumps, RegisteredReplica } from '../streams.ts';
import { dumpError, fatal } from './dump-error.ts';
import { DumpStream } from './dump-stream.ts';
import { findStart } from './find-start.ts';
import { StreamEvents } from './stream-events.ts';

export interface DumpServerOptions {
  readonly log: BinaryLog;
  readonly serverId: number;
  readonly serverUuid: string;
  /** Whether replicas may ask by GTID. */
  hasGtids(): boolean;
}

interface RunningDump {
  readonly key: string;
  readonly semiSync: boolean;
  readonly stop: AbortController;
  readonly stream: DumpStream | undefined;
  readonly ended: Promise<void>;
}

/** Why a dump ends that was running well: another one of the same replica begins. */
class Displaced extends Error {}
/** … this server has nothing more to say. */
class Finished extends Error {}

/** MySQL: the flag that asks for heartbeats of version 2. MariaDB: Annotate_rows events. */
const FLAG_2 = 0x2;
const NANOSECONDS = 1_000_000;
/** How long a client is waited for that is told that its dump ends. */
const LAST_WORD_MS = 1000;

/** Serves the binary log to replicas. */
export class DumpServer implements Dumps {
  readonly #options: DumpServerOptions;
  readonly #registered = new Map<Session, RegisteredReplica>();
  readonly #running = new Map<Session, RunningDump>();
  #bytesBefore = 0;
  #acknowledged = 0;

  constructor(options: DumpServerOptions) {
    this.#options = options;
    options.log.onReset(() => this.endAll());
  }

  get replicas(): readonly RegisteredReplica[] {
    return [...this.#registered.values()].sort((a, b) => a.serverId - b.serverId);
  }

  /** Dumps that run now. */
  get count(): number {
    return this.#running.size;
  }

  get semiSync(): { readonly clients: number; readonly acknowledged: number } {
    const clients = [...this.#running.values()].filter(({ semiSync }) => semiSync).length;
    return { clients, acknowledged: this.#acknowledged };
  }

  get bytesSent(): number {
    let sum = this.#bytesBefore;
    for (const { stream } of this.#running.values()) sum += stream?.bytesSent ?? 0;
    return sum;
  }

  register(session: Session, replica: RegisteredReplica): void {
    for (const [other, { uuid, serverId }] of this.#registered) {
      if (uuid === replica.uuid && serverId === replica.serverId) this.#registered.delete(other);
    }
    this.#registered.set(session, replica);
  }

  async serve(
    session: Session,
    order: DumpOrder,
    signal: AbortSignal,
    waits?: (isWaiting: boolean) => void,
  ): Promise<void> {
    const { log, serverUuid, serverId } = this.#options;
    const { flavor } = log;
    const stop = new AbortController();
    const abort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    const key = order.uuid === '' ? (order.serverId === 0 ? '' : String(order.serverId)) : order.uuid;
    this.#displace(key);
    void hearUntilGone(session, stop, () => {
      this.#acknowledged += 1;
    });
    let stream: DumpStream | undefined;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const running = (current: DumpStream | undefined): void => {
      this.#running.set(session, { key, stop, stream: current, semiSync: order.semiSync, ended });
    };
    running(undefined);
    try {
      if (order.from.kind === 'mysqlGtids' && !this.#options.hasGtids()) {
        throw fatal(
          'The replication sender thread cannot start in AUTO_POSITION mode: this server has GTID_MODE = OFF instead of ON.',
        );
      }
      const start = await findStart(log, order, serverUuid);
      const follower = await log.follow(start.place);
      try {
        const knowsChecksums = order.checksum !== undefined;
        stream = new DumpStream(
          session,
          follower,
          start,
          new StreamEvents(serverId, order.checksum === 'CRC32'),
          {
            flavor,
            nonBlocking: order.nonBlocking || order.serverId === 0,
            semiSync: order.semiSync,
            heartbeatMs: order.heartbeatPeriod / NANOSECONDS,
            heartbeatV2: flavor === 'mysql' && (order.flags & FLAG_2) !== 0,
            annotations: (order.flags & FLAG_2) !== 0,
            knowsChecksums,
            waits,
          },
          stop.signal,
        );
        running(stream);
        await stream.run();
        if (stop.signal.reason instanceof Displaced) {
          throw dumpError('duplicate', flavor, stream.places());
        }
        if (stop.signal.reason instanceof Finished) await stream.finish();
      } finally {
        follower.close();
      }
    } catch (error) {
      await tell(session, error, stream);
    } finally {
      signal.removeEventListener('abort', abort);
      stop.abort();
      this.#bytesBefore += stream?.bytesSent ?? 0;
      this.#running.delete(session);
      this.#registered.delete(session);
      end();
    }
  }

  async finish(session?: Session): Promise<void> {
    const ending = [...this.#running].filter(([each]) => session === undefined || each === session);
    if (ending.length === 0) return;
    for (const [, { stop }] of ending) stop.abort(new Finished());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_WORD_MS);
    });
    await Promise.race([Promise.all(ending.map(([, { ended }]) => ended)), late]);
    clearTimeout(timer);
  }

  /** Ends every dump: the log begins anew, or the relay ends. */
  endAll(): void {
    for (const { stop } of this.#running.values()) stop.abort();
  }

  #displace(key: string): void {
    if (key === '') return;
    for (const { key: other, stop } of this.#running.values()) {
      if (other === key) stop.abort(new Displaced());
    }
  }
}

/** Ends the dump when the replica goes away. What it sends meanwhile are acknowledgements. */
async function hearUntilGone(
  session: Session,
  stop: AbortController,
  acknowledged: () => void,
): Promise<void> {
  try {
    while (!stop.signal.aborted && (await session.heard())) {
      for (let packet = session.incoming(); packet !== undefined; packet = session.incoming()) {
        if (packet[0] !== SEMISYNC_MAGIC) return session.destroy();
        acknowledged();
      }
    }
  } catch {
    // What comes are no packets: nobody else is told, as nobody waits for this.
    session.destroy();
  } finally {
    stop.abort();
  }
}

async function tell(session: Session, error: unknown, stream: DumpStream | undefined): Promise<void> {
  const refusal = error instanceof ServerError ? error : refusalOf(error, stream);
  await session.error({ errno: refusal.errno, sqlState: refusal.sqlState, message: refusal.message });
}

function refusalOf(error: unknown, stream: DumpStream | undefined): ServerError {
  if (!(error instanceof RowlockError)) return fatal('bogus data in log event', stream?.places());
  // MySQL's words, and which file it is.
  if (error.code === STORE_MISSING)
    return fatal(`Could not open log file '${basename(error.context.file ?? '')}'`);
  return fatal(error.message, stream?.places());
}
