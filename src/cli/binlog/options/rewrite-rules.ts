import type { Dialect } from '../../../options/index.ts';

/** One --rewrite-db: what is logged for `from` is printed for `to`. */
export interface RewriteRule {
  readonly from: string;
  readonly to: string;
}

const missingArrow = "ERROR: Bad syntax in mysqlbinlog-rewrite-db - missing '->'!";
const emptyFrom = 'ERROR: Bad syntax in mysqlbinlog-rewrite-db - empty FROM db!';
const emptyTo = 'ERROR: Bad syntax in mysqlbinlog-rewrite-db - empty TO db!';
const badMariadb = 'ERROR: Bad syntax in rewrite-db. Expected syntax is FROM->TO.';

/** A rule, or the lines the real program prints. MySQL's end with an empty one. */
export function readRewriteRule(
  text: string,
  dialect: Dialect,
): RewriteRule | { readonly errors: readonly string[] } {
  const arrow = text.indexOf('->');
  if (dialect === 'mariadb') {
    const from = arrow < 0 ? '' : text.slice(0, arrow).trim();
    // The original's names end at the first blank.
    const to =
      arrow < 0
        ? ''
        : (text
            .slice(arrow + 2)
            .trim()
            .split(/\s/)[0] ?? '');
    return from === '' || to === '' ? { errors: [badMariadb] } : { from, to };
  }
  if (arrow < 0) return { errors: [missingArrow, ''] };
  const from = text.slice(0, arrow).trimEnd();
  const to = text.slice(arrow + 2).trimStart();
  if (from === '') return { errors: [emptyFrom, ''] };
  return to === '' ? { errors: [emptyTo, ''] } : { from, to };
}
