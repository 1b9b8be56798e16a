/** How far an applier is behind its source, in time. */
export class Lag {
  /** Of the transaction that is applied, or was last; seconds since 1970, 0: there was none. */
  timestamp = 0;
  /** All of the relay log has been applied. */
  isCaughtUp = false;

  /**
   * Seconds_Behind_Source of an applier that runs. Null: nobody knows, for nothing is received.
   *
   * @param now milliseconds since 1970
   */
  seconds(now: number, isReceiving: boolean): number | null {
    if (this.isCaughtUp) return isReceiving ? 0 : null;
    if (this.timestamp === 0) return 0;
    return Math.max(0, Math.floor(now / 1000) - this.timestamp);
  }
}
