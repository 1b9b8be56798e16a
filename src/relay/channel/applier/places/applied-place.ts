import type { LogPlace } from '../../../../store/index.ts';
import type { ChannelPlace } from '../../../binary-log/index.ts';

/** Up to where a channel's relay log has been applied, for good; as the sink remembers it, and as statuses tell it. */
export class AppliedPlace {
  relayNumber = 1;
  relayPosition = 4;
  sourceFile = '';
  sourcePosition = 0;
  /** The relay log lacks what ended here: the binary log had it, and the power went, or the disk failed, before it was durable here. */
  gap: LogPlace | undefined;

  /** The relay log begins anew. */
  clear(): void {
    this.gap = undefined;
    this.relayNumber = 1;
    this.relayPosition = 4;
    this.sourceFile = '';
    this.sourcePosition = 0;
  }

  /** Takes what the sink remembers. Undefined: the channel has applied nothing yet. */
  recall(place: ChannelPlace | undefined): LogPlace | undefined {
    if (place === undefined) return undefined;
    this.reach(Number(place['r']), Number(place['p']), String(place['f']), Number(place['q']));
    this.gap =
      place['gr'] === undefined ? undefined : { number: Number(place['gr']), position: Number(place['gp']) };
    return this.relay;
  }

  /** What the sink is to remember of a place: that the relay log is not whole, too. */
  remembered(relay: LogPlace, sourceFile: string, sourcePosition: number): ChannelPlace {
    const place = { r: relay.number, p: relay.position, f: sourceFile, q: sourcePosition };
    return this.gap === undefined ? place : { ...place, gr: this.gap.number, gp: this.gap.position };
  }

  /** Notices where the relay log ends before what was taken from it. @param files of the relay log, in order */
  noticeGap(taken: LogPlace, files: readonly { readonly number: number; readonly size: number }[]): void {
    const file = files.find(({ number }) => number === taken.number);
    // The newest grows.
    if (file === undefined || file === files.at(-1) || taken.position <= file.size) return;
    this.gap = taken;
  }

  get relay(): LogPlace {
    return { number: this.relayNumber, position: this.relayPosition };
  }

  /** Everything before this is durable. True: the relay log's files before this one are not needed any more. */
  reach(relayNumber: number, relayPosition: number, sourceFile: string, sourcePosition: number): boolean {
    const isNext = relayNumber !== this.relayNumber;
    this.relayNumber = relayNumber;
    this.relayPosition = relayPosition;
    this.sourceFile = sourceFile;
    this.sourcePosition = sourcePosition;
    return isNext;
  }
}
