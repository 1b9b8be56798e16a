import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  IDLE,
  isFinal,
  type LinkEvent,
  type LinkState,
  pauseMs,
  type RetrySettings,
  stepLink,
} from './link-state.ts';

const settings: fc.Arbitrary<RetrySettings> = fc.record({
  attempts: fc.nat({ max: 5 }),
  delayMs: fc.integer({ min: 1, max: 100 }),
  maxDelayMs: fc.integer({ min: 100, max: 1000 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  initial: fc.boolean(),
  perOutage: fc.boolean(),
});

const event: fc.Arbitrary<LinkEvent> = fc.oneof(
  fc.constantFrom<LinkEvent>(
    { type: 'start' },
    { type: 'connected' },
    { type: 'progressed' },
    { type: 'rested' },
    { type: 'refused', error: 'no' },
  ),
  fc.record({
    type: fc.constant('lost' as const),
    error: fc.constant('lost'),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({
    type: fc.constant('cut' as const),
    error: fc.constant('cut'),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
    progressed: fc.boolean(),
  }),
  // Seldom: they end a life early.
  { weight: 1, arbitrary: fc.constantFrom<LinkEvent>({ type: 'finished' }, { type: 'stop' }) },
);

test('whatever happens in whatever order', () => {
  fc.assert(
    fc.property(settings, fc.array(event, { maxLength: 60 }), (retry, events) => {
      let state: LinkState = IDLE;
      let losses = 0;
      for (const happened of events) {
        const before = state;
        const [after, action] = stepLink(before, happened, retry);
        state = after;
        if (isFinal(before)) {
          expect(after).toBe(before);
          expect(action).toBe('none');
          continue;
        }
        // Every way out ends the link, and nothing else does.
        expect(action === 'close').toBe(isFinal(after));
        expect(action === 'connect').toBe(after.name === 'connecting' && before.name !== 'connecting');
        expect(action === 'rest').toBe(after.name === 'pausing' && before.name !== 'pausing');
        if (before.name === 'streaming' && happened.type === 'progressed') losses = 0;
        if (after.name === 'pausing' && before.name !== 'pausing') {
          const isOutage = retry.perOutage && before.name === 'streaming' && happened.type === 'cut';
          losses = isOutage ? 0 : losses + 1;
          expect(after.failures).toBe(losses);
          expect(losses).toBeLessThanOrEqual(retry.attempts);
          if (isOutage) {
            expect(after.delayMs).toBeLessThanOrEqual(Math.min(retry.maxDelayMs, 1000));
            continue;
          }
          const longest = Math.min(retry.maxDelayMs, retry.delayMs * 2 ** (losses - 1));
          expect(after.delayMs).toBeLessThanOrEqual(longest);
          expect(after.delayMs).toBeGreaterThanOrEqual(longest * (1 - retry.jitter) - 1e-9);
        }
        if ('failures' in after) expect(after.failures).toBeLessThanOrEqual(retry.attempts);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a link that comes back is begun again, and its progress forgets the losses', () => {
  const retry: RetrySettings = {
    attempts: 2,
    delayMs: 10,
    maxDelayMs: 1000,
    jitter: 0,
    initial: false,
    perOutage: false,
  };
  const lost: LinkEvent = { type: 'lost', error: new Error('gone'), chance: 0 };
  const after = (...events: readonly LinkEvent[]): LinkState =>
    events.reduce<LinkState>((state, happened) => stepLink(state, happened, retry)[0], IDLE);
  const streaming: LinkEvent[] = [{ type: 'start' }, { type: 'connected' }];
  const again: LinkEvent[] = [lost, { type: 'rested' }, { type: 'connected' }];
  expect(after(...streaming, ...again, ...again)).toEqual({ name: 'streaming', failures: 2 });
  expect(after(...streaming, ...again, ...again, lost).name).toBe('failed');
  expect(after(...streaming, ...again, ...again, { type: 'progressed' }, lost).name).toBe('pausing');
  expect(after({ type: 'start' }, lost).name).toBe('failed');
  expect(pauseMs(3, 0.5, { ...retry, jitter: 1 })).toBe(20);
});
