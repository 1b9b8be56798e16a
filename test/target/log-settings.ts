import { type Flavour, isMaria, isModern } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { randomWorkload } from '../differential/undo.ts';
import type { RunningServer } from '../servers/index.ts';

/** How a session writes its changes into the log: which columns of a row, whether transactions are compressed, and ALTER logged twice. */
export interface LogSettings {
  readonly settings: readonly string[];
  /** Whether a statement is logged so that a replica can follow. */
  readonly allows: (statement: string) => boolean;
}

/** Several rows of no columns: MySQL says 1534, or with IGNORE logs one of them, and that is what its own replicas have. */
const OF_NOTHING = /\(\) VALUES \(\), \(\)/;

export function logSettings(flavour: Flavour, seed: string): LogSettings {
  const random = new Random(`${seed} log`);
  const image = random.pick(['FULL', 'MINIMAL', 'MINIMAL', 'NOBLOB']);
  const compressed = random.chance(0.4) ? 'ON' : 'OFF';
  const twoPhases = random.chance(0.5) ? 'ON' : 'OFF';
  const modern = isMaria(flavour)
    ? [
        `SET GLOBAL log_bin_compress = ${compressed}`,
        'SET GLOBAL log_bin_compress_min_len = 10',
        `SET SESSION binlog_alter_two_phase = ${twoPhases}`,
      ]
    : [`SET SESSION binlog_transaction_compression = ${compressed}`];
  // MariaDB logs a REPLACE as an update without the columns that it made NULL again: its own replicas keep what they had there.
  const isUnsafe = isMaria(flavour) && image !== 'FULL';
  return {
    settings: [`SET SESSION binlog_row_image = ${image}`, ...(isModern(flavour) ? modern : [])],
    allows: (statement) =>
      (!isUnsafe || !/\breplace\b/i.test(statement)) && (image === 'FULL' || !OF_NOTHING.test(statement)),
  };
}

/** A random workload whose changes are logged in one of the ways that there are. */
export async function loggedWorkload(
  server: RunningServer,
  flavour: Flavour,
  seed: string,
  folder: string,
  between?: () => Promise<void>,
): Promise<void> {
  await randomWorkload(server, flavour, seed, folder, between, logSettings(flavour, seed));
}
