import type { Connection } from '../../../connection/index.ts';
import type { SourceFacts } from '../../../replication/index.ts';
import {
  type LastError,
  NO_ERROR,
  NO_TRANSACTION,
  type ReceiverStatus,
  type ServiceState,
  type TransactionTimes,
} from '../status.ts';
import { finished } from '../transaction-times.ts';
import type { Failure } from './receiver-failure.ts';

/** What of a receiver's status does not depend on places. */
type Told = Omit<
  ReceiverStatus,
  'sourceLogFile' | 'readSourceLogPos' | 'retrievedGtidSet' | 'gtidIoPos' | 'semiSync'
>;

/** What a receiver does, and has done, as statuses and performance_schema tell it. */
export class ReceiverProgress {
  state: ServiceState = 'OFF';
  stage = '';
  /** How often the source was tried since it answered last. */
  attempt = 0;
  /** Times that a connection was tried. */
  connectsTried = 0;
  bytes = 0;
  violations = 0;
  /** What is being received. */
  queueing: TransactionTimes = NO_TRANSACTION;
  /** There while the source may be connected. */
  connection: Connection | undefined;
  readonly #now: () => number;
  #lastError: LastError = NO_ERROR;
  #startedAt = 0;
  /** Of sources that are not read any more. */
  #heartbeats = 0;
  #lastHeartbeatAt: number | undefined;
  #transactions = 0;
  #lastQueued: TransactionTimes = NO_TRANSACTION;
  #serverId = 0;
  #serverUuid = '';
  #hasAnswered = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param heartbeats of the source that is read */
  told(heartbeats: number): Told {
    const { connection } = this;
    return {
      state: this.state,
      stage: this.stage,
      lastError: this.#lastError,
      sourceServerId: this.#serverId,
      sourceUuid: this.#serverUuid,
      startedAt: this.#startedAt,
      receivedHeartbeats: this.#heartbeats + heartbeats,
      lastHeartbeatAt: this.#lastHeartbeatAt,
      queueing: this.queueing,
      lastQueued: this.#lastQueued,
      connectionId: connection?.connectionId ?? 0,
      tlsVersion: connection?.tls?.protocol ?? '',
      tlsCipher: connection?.tls?.cipher ?? '',
      connectsTried: this.connectsTried,
      bytesReceived: this.bytes,
      transactionsReceived: this.#transactions,
      violations: this.violations,
    };
  }

  /** Whether the source has answered since the receiver was started. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  start(): void {
    this.#hasAnswered = false;
    this.#lastError = NO_ERROR;
    this.#startedAt = this.#now();
    this.#connecting();
  }

  /** @param heartbeats of the source that was read */
  stop(heartbeats: number): void {
    this.#heartbeats += heartbeats;
    this.connection = undefined;
    this.state = 'OFF';
    this.stage = '';
    this.queueing = NO_TRANSACTION;
  }

  /** What is remembered of what was received is forgotten. */
  forget(): void {
    this.queueing = NO_TRANSACTION;
    this.#lastQueued = NO_TRANSACTION;
    this.#heartbeats = 0;
  }

  forgetError(): void {
    this.#lastError = NO_ERROR;
  }

  /** Who the source was is forgotten. */
  forgetServer(): void {
    this.#serverId = 0;
    this.#serverUuid = '';
  }

  fail({ errno, message }: Failure): void {
    this.#lastError = { number: errno, message, at: this.#now() };
  }

  /** The source that is read is another one from now on. @param heartbeats of the one that was */
  leave(heartbeats: number): void {
    this.#heartbeats += heartbeats;
    this.connection = undefined;
    this.#serverId = 0;
    this.#hasAnswered = false;
    this.attempt = 0;
    this.#connecting();
  }

  /** An attempt failed, and another one follows. `isUnregistered`: the source does not take this end for a replica. */
  retry(attempt: number, isUnregistered = false): void {
    const wasOn = this.state === 'ON';
    this.attempt = attempt;
    this.connection = undefined;
    this.state = 'CONNECTING';
    if (isUnregistered) this.stage = 'Waiting to reconnect after a failed registration on source';
    else if (!this.#hasAnswered) this.stage = 'Connecting to source';
    else if (wasOn) this.stage = 'Waiting to reconnect after a failed source event read';
    else this.stage = 'Reconnecting after a failed source event read';
  }

  /** The source sends. */
  connected({ serverId, serverUuid }: SourceFacts): void {
    this.#serverId = serverId;
    this.#serverUuid = serverUuid ?? '';
    this.#hasAnswered = true;
    this.state = 'ON';
    this.attempt = 0;
    this.stage = 'Waiting for source to send event';
    this.#lastError = NO_ERROR;
  }

  beat(): void {
    this.#lastHeartbeatAt = this.#now();
  }

  /** A transaction is durable in the relay log. */
  queued(times: TransactionTimes): void {
    this.#transactions += 1;
    this.#lastQueued = finished(times, this.#now);
  }

  #connecting(): void {
    this.state = 'CONNECTING';
    this.stage = 'Connecting to source';
  }
}
