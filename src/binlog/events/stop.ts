import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** The server shut down cleanly: no body. */
export interface Stop {
  readonly kind: 'stop';
}

export const stop: EventDefinition<Stop> = {
  kind: 'stop',
  codes: [EventType.STOP_EVENT],
  postHeaderLength: 0,
  decode: () => ({ kind: 'stop' }),
  encode: () => undefined,
};
