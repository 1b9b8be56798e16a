import { UsageError } from '../../errors/index.ts';

const BIND = 'Give an address of this machine with --bind-address=ADDRESS, or * for all.';

/** Node's codes: what is wrong, and what to do. `option` names the place. */
const REASONS: Readonly<Record<string, readonly [reason: string, hint: (option: string) => string]>> = {
  EADDRINUSE: ['another program listens there', (option) => `Give another one with ${option}.`],
  EACCES: [
    'this account may not',
    (option) => `Ports below 1024 are for root alone: give another one with ${option}.`,
  ],
  EADDRNOTAVAIL: ['this machine does not have that address', () => BIND],
  ENOTFOUND: ['nobody knows that name', () => BIND],
};

/** A place where nobody can be listened to. */
export function cannotListen(place: string, cause: unknown, option: string): UsageError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const [reason, hint] = REASONS[code] ?? [message, undefined];
  return new UsageError(`cannot listen on ${place}: ${reason}`, {
    cause,
    ...(hint === undefined ? {} : { hint: hint(option) }),
  });
}
