import type { LogPlace } from '../../store/index.ts';
import type { ChannelPlace } from '../binary-log/index.ts';

/** Up to where a channel's relay log has been applied, for good; as the sink remembers it, and as statuses tell it. */
export class AppliedPlace {
  relayNumber = 1;
  relayPosition = 4;
  sourceFile = '';
  sourcePosition = 0;

  /** The relay log begins anew. */
  clear(): void {
    this.relayNumber = 1;
    this.relayPosition = 4;
    this.sourceFile = '';
    this.sourcePosition = 0;
  }

  /** Takes what the sink remembers. Undefined: the channel has applied nothing yet. */
  recall(place: ChannelPlace | undefined): LogPlace | undefined {
    if (place === undefined) return undefined;
    this.reach(Number(place['r']), Number(place['p']), String(place['f']), Number(place['q']));
    return this.relay;
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
