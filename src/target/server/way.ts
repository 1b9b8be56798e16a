import type { Flavor } from '../../binlog/index.ts';
import { UsageError } from '../../errors/index.ts';
import type { ConflictRule, PrimaryKeyCheck } from '../target.ts';
import type { Abilities } from './abilities.ts';

/** What was asked for. */
export interface Wishes {
  readonly apply?: 'replay' | 'sql';
  readonly conflicts?: ConflictRule;
  readonly keepGtids?: boolean;
  readonly primaryKeys?: PrimaryKeyCheck;
}

/** How the rows of one source go into one server. */
export interface Way {
  readonly from: Flavor;
  readonly to: Flavor;
  /** Rows as the source logged them, in BINLOG statements; else as statements. */
  readonly replays: boolean;
  /** A transaction of the source that has a GTID is one of the target, under that GTID. */
  readonly keeps: boolean;
  readonly conflicts: ConflictRule;
  /** What a session is told before a definition, whatever the source had. */
  readonly ruled: Readonly<Record<string, string>>;
}

/** A server that adds a key to what its own clients create adds none to what comes from a source, nor does MySQL's applier. */
const AS_THEY_COME = { sql_generate_invisible_primary_key: '0' };

/** What a session of MySQL is told for each rule about primary keys. */
const KEY_SETTINGS: Readonly<Record<PrimaryKeyCheck, Readonly<Record<string, string>>>> = {
  STREAM: AS_THEY_COME,
  ON: { ...AS_THEY_COME, sql_require_primary_key: '1' },
  OFF: { ...AS_THEY_COME, sql_require_primary_key: '0' },
  GENERATE: { sql_require_primary_key: '0', sql_generate_invisible_primary_key: '1' },
};

/** Chooses the way, once the source has said what it is. @throws UsageError the server or its account does not allow what was asked for */
export function chooseWay(from: Flavor, abilities: Abilities, wishes: Wishes): Way {
  const { keepGtids, apply, conflicts = 'stop', primaryKeys = 'STREAM' } = wishes;
  const { canKeepGtids, canReplay, flavor: to } = abilities;
  const isKin = from === to;
  if (keepGtids === true && !(canKeepGtids && isKin)) {
    throw new UsageError('the target cannot keep the GTIDs of the source', {
      hint: 'It needs gtid_mode=ON, or MariaDB with a binary log, and an account with REPLICATION_APPLIER, or BINLOG ADMIN and REPLICATION SLAVE ADMIN.',
    });
  }
  // Replayed rows know one rule: as the source had them, or stop.
  const mayReplay = isKin && canReplay && conflicts === 'stop';
  if (apply === 'replay' && !mayReplay) {
    throw new UsageError(`a target of ${to} cannot replay rows of ${from} by this account`, {
      hint: 'It needs REPLICATION_APPLIER (MySQL), BINLOG REPLAY (MariaDB) or SUPER, and conflicts that stop.',
    });
  }
  return {
    from,
    to,
    replays: mayReplay && apply !== 'sql',
    keeps: keepGtids !== false && canKeepGtids && isKin,
    conflicts,
    ruled: to === 'mysql' ? KEY_SETTINGS[primaryKeys] : {},
  };
}
