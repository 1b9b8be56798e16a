import {
  type Dialect,
  type OptionDefinition,
  type ResolvedOption,
  resolveOptions,
} from '../../../options/index.ts';
import { inputOptions } from './input-options.ts';
import { outputOptions } from './output-options.ts';
import { programOptions } from './program-options.ts';
import { remoteOptions } from './remote-options.ts';
import { tlsOptions } from './tls-options.ts';

/** Every option of the binlog command: all of mysqlbinlog 9.7, all of mariadb-binlog 11.8, and ours. */
export const binlogOptionTable: readonly OptionDefinition[] = [
  ...inputOptions,
  ...outputOptions,
  ...remoteOptions,
  ...tlsOptions,
  ...programOptions,
];

/**
 * The order of mariadb-binlog's own table as far as it shows: an ambiguous abbreviation is answered with the first and the
 * last name that match. Names not here come last.
 */
const mariadbOrder =
  'help base64-output character-sets-dir database debug-check debug-info default_auth disable-log-bin flashback ' +
  'force-if-open force-read hexdump host local-load offset password plugin_dir port protocol ' +
  'read-from-remote-server raw result-file print-row-count print-row-event-positions ignore-domain-ids ' +
  'do-domain-ids ignore-server-ids do-server-ids server-id set-charset short-form socket ssl ssl-ca ssl-capath ' +
  'ssl-cert ssl-cipher ssl-key ssl-crl ssl-crlpath tls-version ssl-fp ssl-fplist ssl-verify-server-cert ' +
  'start-datetime start-position gtid-strict-mode stop-datetime stop-never stop-never-slave-server-id ' +
  'stop-position table to-last-log user verbose version open_files_limit binlog-row-event-max-size ' +
  'verify-binlog-checksum rewrite-db skip-annotate-row-events print-table-metadata';

/** The table as the parser of one dialect needs it. */
export function binlogOptionsFor(dialect: Dialect): readonly ResolvedOption[] {
  const options = resolveOptions(binlogOptionTable, dialect);
  if (dialect === 'mysql') return options;
  const order = mariadbOrder.split(' ');
  const rank = (option: ResolvedOption): number => {
    const at = order.indexOf(option.name);
    return at < 0 ? order.length : at;
  };
  return [...options].sort((one, other) => rank(one) - rank(other));
}

/** Option file groups that are read, by dialect. */
export const binlogOptionGroups: Readonly<Record<Dialect, readonly string[]>> = {
  mysql: ['mysqlbinlog', 'client', 'rowlock'],
  mariadb: ['mysqlbinlog', 'mariadb-binlog', 'client', 'client-server', 'client-mariadb', 'rowlock'],
};
