import type { TableMap } from '../../binlog/index.ts';
import type { TextOutput } from '../text-output.ts';

/** `--print-table-metadata`: the table as a comment, as far as the log tells. */
export function writeTableMetadata(_out: TextOutput, _map: TableMap): void {}
