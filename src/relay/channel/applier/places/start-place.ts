import { comparePlaces, type LogPlace, missingFile } from '../../../../store/index.ts';
import { ChannelError } from '../../channel-error.ts';
import type { AppliedPlace } from './applied-place.ts';

/** ER_MASTER_HAS_PURGED_REQUIRED_GTIDS, of the relay log instead of the source's. */
const TARGET_BEHIND = 1789;

/** What of a relay log decides where an applier begins. */
export interface RelayLogFiles {
  /** In order. */
  readonly files: readonly { readonly number: number }[];
  nameOf(number: number): string;
}

/**
 * Where an applier begins in the relay log: behind what both the binary log and the target have. Undefined: the relay log was made anew
 * under them, and places in the old one mean nothing.
 *
 * @param applied where the binary log stands
 * @param target where the target stands; undefined: there is none, or it begins with the binary log
 * @throws ChannelError the relay log has not what the target lacks
 */
export function startPlace(
  log: RelayLogFiles,
  applied: AppliedPlace,
  target: LogPlace | undefined,
): LogPlace | undefined {
  const { gap, relay } = applied;
  const isBehind = target !== undefined && comparePlaces(target, relay) < 0;
  const wanted = isBehind ? target : relay;
  const at = ({ number, position }: LogPlace): string => `${log.nameOf(number)}, position ${position}`;
  if (isBehind && gap !== undefined && comparePlaces(target, gap) < 0) {
    throw new ChannelError(
      TARGET_BEHIND,
      `The target stands at ${at(target)}, and the relay log lost what came before ${at(gap)}: the power went, or its disk failed, while ` +
        'the channel had no target. The binary log has it, the target has not: give the channel a new one.',
    );
  }
  if (log.files.some(({ number }) => number === wanted.number)) return wanted;
  if (isBehind) {
    throw new ChannelError(
      TARGET_BEHIND,
      `The target stands at ${at(wanted)}, and the relay log has been applied and purged beyond. What lies between is not in the target: ` +
        'give the channel a new one.',
    );
  }
  return undefined;
}

/**
 * Refuses a relay log whose file the applier is in is gone, while others behind it are there: one that was made anew has none of those.
 *
 * @param logged where the binary log stands
 * @throws RowlockError `STORE_MISSING`
 */
export function demandFile(log: RelayLogFiles, { number }: LogPlace): void {
  if (log.files.some((file) => file.number > number)) throw missingFile(log.nameOf(number));
}
