import type { Outcome } from '../../../connection/index.ts';
import type { SentTransaction } from './sent-transaction.ts';
import type { Command } from './unsent-statements.ts';

/** A command that has no answer yet. */
export interface SentCommand {
  readonly command: Command;
  /** Answers that come before those of the command's own statements. */
  readonly ahead: number;
  readonly transaction: SentTransaction;
  readonly isLast: boolean;
  /** How long locks are waited for behind it, seconds; undefined: as in it. */
  readonly lockWait: number | undefined;
}

/** Notes which rows were not as the source had them. */
export function conflictsOf({
  ahead,
  command: { conflicts },
  transaction,
}: SentCommand): ((outcome: Outcome, index: number) => void) | undefined {
  if (conflicts === undefined) return undefined;
  return (outcome, index) => transaction.conflicts.push(...(conflicts[index - ahead]?.(outcome) ?? []));
}
