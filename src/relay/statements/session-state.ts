import type { Applicant } from '../../connection/index.ts';
import type { ServerError } from '../../errors/index.ts';
import type { SessionValues, Viewer } from '../variables/variables.ts';
import { GtidNext } from './gtid-next.ts';

export interface Warning {
  readonly level: 'Note' | 'Warning' | 'Error';
  readonly code: number;
  readonly message: string;
}

/** Warnings kept of one statement (max_error_count). */
const MAX_WARNINGS = 1024;
/** User variables of one session: what nobody needs more of. */
export const MAX_USER_VARIABLES = 1000;

/** One conversation, as statements see it. */
export class SessionState {
  readonly id: number;
  applicant: Applicant;
  /** Whose rights it has: CURRENT_USER(). */
  account: { readonly user: string; readonly host: string };
  schema: string | undefined;
  readonly userVariables: Map<string, string | number | null> = new Map();
  /** PREPARE, by name. */
  readonly prepared: Map<string, Buffer> = new Map();
  readonly values: SessionValues = new Map();
  gtidNext: GtidNext = new GtidNext();
  warnings: Warning[] = [];
  /** What the statement before left, for `@@warning_count`: a query that asks finds its own list empty. */
  #before: { readonly warnings: number; readonly errors: number } = { warnings: 0, errors: 0 };
  /** SET TIMESTAMP, in seconds. */
  timestamp: number | undefined;
  /** For SHOW PROCESSLIST. */
  command = 'Connect';
  state = '';
  info: string | undefined;
  since: number;
  readonly startedAt: number;
  #statement = new AbortController();

  constructor(
    id: number,
    applicant: Applicant,
    account: { readonly user: string; readonly host: string },
    now: number,
  ) {
    this.id = id;
    this.applicant = applicant;
    this.account = account;
    this.schema = applicant.schema === '' ? undefined : applicant.schema;
    this.since = now;
    this.startedAt = now;
  }

  get viewer(): Viewer {
    const facts = { connectionId: this.id, ...this.#before, timestamp: this.timestamp };
    return { values: this.values, facts };
  }

  /** Aborted when the statement that runs is to end, with the error that its client is told. */
  get interrupted(): AbortSignal {
    return this.#statement.signal;
  }

  /** Ends the statement that runs, if it can be ended. */
  interrupt(reason: ServerError): void {
    this.#statement.abort(reason);
  }

  /** A statement begins, with a list of its own. @returns what the one before left */
  takeWarnings(): Warning[] {
    const { warnings } = this;
    this.#statement = new AbortController();
    const errors = warnings.filter(({ level }) => level === 'Error').length;
    this.#before = { warnings: warnings.length, errors };
    this.warnings = [];
    return warnings;
  }

  warn(code: number, message: string, level: Warning['level'] = 'Warning'): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push({ level, code, message });
  }

  /** COM_RESET_CONNECTION, COM_CHANGE_USER: as if it had just logged in. */
  reset(): void {
    this.userVariables.clear();
    this.prepared.clear();
    this.values.clear();
    this.warnings = [];
    this.timestamp = undefined;
    this.gtidNext = new GtidNext();
  }
}
