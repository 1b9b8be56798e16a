import type { Flavor } from '../../../../binlog/index.ts';
import { Token } from '../../../../sql/index.ts';
import type { Piece } from './pieces.ts';

/**
 * Words that are reserved in one family and name columns in the other, found by making tables of all words of MySQL 9.7 and MariaDB 11.8.
 * Those that definitions of the other family use themselves are not among them.
 */
const RESERVED: Readonly<Record<Flavor, ReadonlySet<string>>> = {
  mysql: new Set(
    'CUBE CUME_DIST DENSE_RANK EMPTY EXTERNAL FIRST_VALUE FUNCTION GET GROUPING GROUPS IO_AFTER_GTIDS IO_BEFORE_GTIDS JSON_TABLE LAG LAST_VALUE LATERAL LEAD LIBRARY NTH_VALUE NTILE OF OPTIMIZER_COSTS PERCENT_RANK QUALIFY RANK SYSTEM TABLESAMPLE WINDOW'.split(
      ' ',
    ),
  ),
  mariadb: new Set(
    'CURRENT_ROLE DELETE_DOMAIN_ID DO_DOMAIN_IDS IGNORE_DOMAIN_IDS MASTER_DEMOTE_TO_REPLICA MASTER_DEMOTE_TO_SLAVE OFFSET PARSE_VCOL_EXPR PORTION REF_SYSTEM_ID RETURNING SQL_AFTER_GTIDS SQL_BEFORE_GTIDS'.split(
      ' ',
    ),
  ),
};

/** Names that are words of the target stand in backquotes. */
export function rewriteNames(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    if (piece.text === '') return;
    const isVersioning = piece.word === 'SYSTEM' && pieces[at + 1]?.word === 'VERSIONING';
    if (piece.token === Token.WORD && RESERVED[to].has(piece.word) && !isVersioning)
      piece.text = `\`${piece.text}\``;
  });
}
