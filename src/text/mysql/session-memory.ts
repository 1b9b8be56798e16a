import { SessionMemory as SharedMemory } from '../session-settings.ts';

/** Session settings as the printed text has left them, those that only MySQL logs included. */
export class SessionMemory extends SharedMemory {
  defaultCollationForUtf8mb4 = 0;
  enableCascadeTriggers = 0;
}
