import type { ConflictError } from '../../conflict.ts';
import type { ConflictRule } from '../../target.ts';

/** What becomes of rows that are not as the source had them. */
export class Conflicts {
  readonly rule: ConflictRule;
  readonly #told: ((conflict: ConflictError) => void) | undefined;

  /** `told`: of each of them, where `rule` goes on. */
  constructor(rule: ConflictRule, told?: (conflict: ConflictError) => void) {
    this.rule = rule;
    this.#told = told;
  }

  /** `overwrite`: makes the row what the source has. @throws ConflictError the rule is to stop */
  resolve(error: ConflictError, overwrite?: () => void): void {
    if (this.rule === 'stop') throw error;
    // What cannot be overwritten stops, and is none of those that were gone over.
    if (this.rule === 'overwrite') overwrite?.();
    this.#told?.(error);
  }
}

/** Whether SQLite found a row in the way. Its errors have no class; both modules set the extended code. */
export function isConstraint(error: unknown): boolean {
  return error instanceof Error && /constraint/i.test(error.message);
}
