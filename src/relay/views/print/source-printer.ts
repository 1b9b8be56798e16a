import type { Source } from '../../../sql/index.ts';
import { quoteName } from '../sqlite-text.ts';
import type { Printing } from './printing.ts';

/** FROM, with the commas. */
export function printFrom(from: readonly Source[], printing: Printing): string {
  return from
    .map((source, i) =>
      i > 0 && looksLeft(source) ? `(${printSource(source, printing)})` : printSource(source, printing),
    )
    .join(', ');
}

/** Joins that depend on what stands in front: in MySQL the comma binds looser than JOIN, in SQLite as close. */
function looksLeft(source: Source): boolean {
  if (source.kind !== 'join') return false;
  return source.join === 'right' || source.natural || source.using.length > 0 || looksLeft(source.left);
}

const WORDS = { inner: 'JOIN', left: 'LEFT JOIN', right: 'RIGHT JOIN' } as const;

function printSource(source: Source, printing: Printing): string {
  switch (source.kind) {
    case 'table': {
      const sql = printing.table(source.schema, source.table);
      printing.alias(source.alias ?? source.table, sql);
      // What WITH RECURSIVE names is read without the depth of its rows, and has no name by itself.
      const alias = source.alias ?? (sql.startsWith('(') ? source.table : undefined);
      return alias === undefined ? sql : `${sql} AS ${quoteName(alias)}`;
    }
    // SQLite has no DUAL and needs none: a row of nothing stands for it.
    case 'dual':
      return `(SELECT 1) AS ${quoteName(source.alias ?? 'dual')}`;
    case 'derived': {
      const alias = quoteName(source.alias);
      printing.alias(source.alias, alias);
      const query = printing.query(source.query);
      if (source.columns.length === 0) return `(${query}) AS ${alias}`;
      const columns = source.columns.map(quoteName).join(', ');
      return `(WITH ${alias} (${columns}) AS (${query}) SELECT * FROM ${alias}) AS ${alias}`;
    }
    case 'join': {
      const { left, right, join, natural, on, using } = source;
      const second =
        right.kind === 'join' ? `(${printSource(right, printing)})` : printSource(right, printing);
      const condition =
        on !== undefined
          ? ` ON ${printing.expression(on)}`
          : using.length > 0
            ? ` USING (${using.map(quoteName).join(', ')})`
            : '';
      return `${printSource(left, printing)} ${natural ? 'NATURAL ' : ''}${WORDS[join]} ${second}${condition}`;
    }
  }
}
