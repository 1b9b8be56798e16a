import { once } from 'node:events';
import { openStage } from '../../test/relay/live/stage.ts';
import { processorMs } from './stage.ts';

/** A relay in a process of its own, which has done nothing before: `folder`. Says its port; told to end, what it took. */
export interface ColdRelay {
  readonly port: number;
  /** In bytes: before the first reader came. */
  readonly memory: number;
}

export interface ColdRelayTook {
  readonly processorMs: number;
  /** In bytes: the most that there ever was, as the kernel counts. */
  readonly mostMemory: number;
}

const stage = await openStage({ folder: process.argv[2]! });
await stage.root.query('SHOW BINARY LOGS');
const before = processorMs();
process.send!({ port: stage.relay.port, memory: process.memoryUsage().rss } satisfies ColdRelay);
await once(process, 'message');
const took: ColdRelayTook = {
  processorMs: processorMs() - before,
  mostMemory: process.resourceUsage().maxRSS * 1024,
};
await stage.root.close();
await stage.relay.close();
process.send!(took);
process.disconnect();
