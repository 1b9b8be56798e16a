import { comparePlaces, type LogPlace } from '../../../../store/index.ts';

/** Whoever waits for the binary log waits for its disk, once: that one may be full. */
const PATIENCE_MS = 100;
const NOWHERE: LogPlace = { number: 0, position: 0 };

/** How far a run took the relay log over into the binary log, durable there or not, and who waits until it is. */
export class TakenOver {
  place: LogPlace = NOWHERE;
  #awaited: { readonly place: LogPlace; readonly tell: (isDurable: boolean) => void }[] = [];

  /**
   * Whether the binary log has for good what ends here in the relay log, once it has; false where it will not soon. Undefined: it has
   * not been taken over.
   *
   * @param durable up to where the binary log has all for good
   */
  durable(place: LogPlace, durable: LogPlace): Promise<boolean> | undefined {
    if (comparePlaces(this.place, place) < 0) return undefined;
    if (comparePlaces(durable, place) >= 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const tell = (isDurable: boolean): void => {
        clearTimeout(timer);
        this.#awaited = this.#awaited.filter((other) => other.tell !== tell);
        resolve(isDurable);
      };
      const timer = setTimeout(tell, PATIENCE_MS, false);
      this.#awaited.push({ place, tell });
    });
  }

  /** The binary log has all before this place for good. */
  reach(durable: LogPlace): void {
    for (const { place, tell } of this.#awaited) if (comparePlaces(place, durable) <= 0) tell(true);
  }

  /** What was not made durable will not be. */
  forget(): void {
    this.place = NOWHERE;
    for (const { tell } of this.#awaited) tell(false);
  }
}
