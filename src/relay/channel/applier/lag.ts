/** How far an applier is behind its source, in time. */
export class Lag {
  /** Of the transaction that was read last; seconds since 1970, 0: there was none. */
  timestamp = 0;
  /** All of the relay log has been applied. */
  isCaughtUp = false;

  /**
   * Seconds_Behind_Source of an applier that runs. Null: nobody knows, for nothing is received.
   *
   * @param now milliseconds since 1970
   * @param oldest timestamp of the oldest transaction that has been read and is not applied yet
   */
  seconds(now: number, isReceiving: boolean, oldest: number | undefined): number | null {
    if (this.isCaughtUp) return isReceiving ? 0 : null;
    const timestamp = oldest ?? this.timestamp;
    if (timestamp === 0) return 0;
    return Math.max(0, Math.floor(now / 1000) - timestamp);
  }
}
