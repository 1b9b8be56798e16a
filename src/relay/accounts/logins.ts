import { setTimeout as wait } from 'node:timers/promises';
import type { Account, Applicant, Refusal, Verifier } from '../../connection/index.ts';
import type { AccountRecord } from './account-record.ts';
import { type Accounts, accountText } from './accounts.ts';
import { isThisMachine } from './host-pattern.ts';
import type { LoginBrake } from './login-brake.ts';
import { unmetRequirement } from './requirement.ts';

const DAY_MS = 86_400_000;

interface Strikes {
  count: number;
  /** When the account locked itself; undefined: it did not. */
  lockedAt: number | undefined;
}

/** One login, from the first word to the verdict. */
export interface LoginAttempt extends Verifier {
  /** Who knocks and what account that is, once known. */
  readonly applicant: Applicant | undefined;
  readonly record: AccountRecord | undefined;
  /** Why it was refused, for the log: the client is told less. */
  readonly reason: string | undefined;
  /** The client was told 1045. */
  refused(): void;
}

/** Who may log in. Failed attempts lock accounts that want it so (FAILED_LOGIN_ATTEMPTS) and slow down their sender. */
export class Logins {
  readonly #accounts: Accounts;
  readonly #brake: LoginBrake;
  readonly #now: () => number;
  /** Consecutive failures of the accounts that count them: no more of these than accounts. */
  readonly #strikes = new Map<string, Strikes>();

  constructor(accounts: Accounts, brake: LoginBrake, now: () => number) {
    this.#accounts = accounts;
    this.#brake = brake;
    this.#now = now;
  }

  /** `ended` aborts when the client goes away: nobody waits for an answer then. No wait is longer than `longestWaitMs`. */
  attempt(ended: AbortSignal, longestWaitMs: number): LoginAttempt {
    return new Attempt(this, this.#accounts, this.#brake, ended, longestWaitMs);
  }

  /** ACCOUNT UNLOCK, a new password, a restart: the strikes are forgotten. */
  forgive(account: { readonly user: string; readonly host: string }): void {
    this.#strikes.delete(accountText(account));
  }

  strike(record: AccountRecord): void {
    if (record.failedLoginAttempts === 0 || record.passwordLockTime === 0) return;
    const key = accountText(record);
    const strikes = this.#strikes.get(key) ?? { count: 0, lockedAt: undefined };
    strikes.count += 1;
    if (strikes.count >= record.failedLoginAttempts) strikes.lockedAt ??= this.#now();
    this.#strikes.set(key, strikes);
  }

  /** Days that are left of a lock by failed logins; `unlimited`; undefined: not locked. */
  lockLeft(record: AccountRecord): number | 'unlimited' | undefined {
    const strikes = this.#strikes.get(accountText(record));
    if (strikes?.lockedAt === undefined) return undefined;
    if (record.passwordLockTime < 0) return 'unlimited';
    const left = record.passwordLockTime - Math.floor((this.#now() - strikes.lockedAt) / DAY_MS);
    if (left > 0) return left;
    this.forgive(record);
    return undefined;
  }
}

class Attempt implements LoginAttempt {
  applicant: Applicant | undefined;
  record: AccountRecord | undefined;
  reason: string | undefined;
  readonly #logins: Logins;
  readonly #accounts: Accounts;
  readonly #brake: LoginBrake;
  readonly #ended: AbortSignal;
  readonly #longestWaitMs: number;
  #passwordRight = false;

  constructor(
    logins: Logins,
    accounts: Accounts,
    brake: LoginBrake,
    ended: AbortSignal,
    longestWaitMs: number,
  ) {
    this.#logins = logins;
    this.#accounts = accounts;
    this.#brake = brake;
    this.#ended = ended;
    this.#longestWaitMs = longestWaitMs;
  }

  async account(applicant: Applicant): Promise<Account | undefined> {
    this.applicant = applicant;
    const pause = Math.min(this.#longestWaitMs, this.#brake.begin(applicant.user, applicant.host));
    if (pause > 0) await wait(pause, undefined, { signal: this.#ended, ref: false });
    const record = this.#accounts.match(applicant.user, applicant.host);
    this.record = record;
    if (record === undefined) return undefined;
    const cache = this.#accounts.cacheOf(record);
    const { plugin, credential } = record;
    return { plugin, credential, ...(cache === undefined ? {} : { cache }) };
  }

  admit(applicant: Applicant): true | 'denied' | Refusal {
    this.#passwordRight = true;
    const record = this.record!;
    const left = this.#logins.lockLeft(record);
    if (left !== undefined) return this.#blocked(record, left, applicant);
    const unmet = unmetRequirement(record.require, applicant.tls);
    if (unmet !== undefined) {
      this.reason = unmet;
      return 'denied';
    }
    if (record.locked) {
      this.reason = 'the account is locked';
      return refusal(3118, `${denied(applicant)}. Account is locked.`);
    }
    this.#logins.forgive(record);
    this.#brake.succeeded(applicant.user, applicant.host);
    return true;
  }

  refused(): void {
    const { applicant, record } = this;
    if (applicant === undefined) return;
    this.#brake.failed(applicant.user, applicant.host);
    if (record === undefined) this.reason ??= 'there is no such account';
    else if (!this.#passwordRight) {
      this.reason ??= 'the password is wrong';
      this.#logins.strike(record);
    }
  }

  #blocked(record: AccountRecord, left: number | 'unlimited', applicant: Applicant): Refusal {
    this.reason = `locked by ${record.failedLoginAttempts} failed logins`;
    const days = left === 'unlimited' ? 'unlimited' : String(record.passwordLockTime);
    return refusal(
      3955,
      `${denied(applicant)}. Account is blocked for ${days} day(s) (${left} day(s) remaining) due to ` +
        `${record.failedLoginAttempts} consecutive failed logins.`,
    );
  }
}

const denied = ({ user, host }: Applicant): string =>
  `Access denied for user '${user}'@'${isThisMachine(host) ? 'localhost' : host}'`;

const refusal = (errno: number, message: string): Refusal => ({ errno, sqlState: 'HY000', message });
