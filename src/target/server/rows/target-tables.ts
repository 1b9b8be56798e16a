import type { TableMap } from '../../../binlog/index.ts';
import type { ResultSet } from '../../../connection/index.ts';
import { GENERATED_KEY } from '../../primary-key.ts';
import { CatalogError, looksLikeSequence, withoutHashes } from '../../schema/index.ts';
import { sourceOfComment } from '../definition/translation/rewrite-generated.ts';
import { ROW_END_COMMENT } from '../definition/translation/rewrite-versions.ts';
import { hexLiteral } from '../hex-literal.ts';
import { refersToItself } from './foreign-cycle.ts';
import { keyOf, type UniqueIndex, uniqueIndexes } from './target-keys.ts';

/** A column as the target has it. */
export interface TargetColumn {
  readonly name: string;
  /** information_schema's DATA_TYPE. */
  readonly type: string;
  /** Bytes of BINARY(n) and its kin, which travel without their trailing zeros. */
  readonly length: number;
  readonly charset: string | undefined;
  readonly unsigned: boolean;
  readonly isGenerated: boolean;
  /** It is never NULL and has no default. */
  readonly isDemanded: boolean;
  /** What the source works it out of, where the target does not; empty: of anything. Undefined: nobody works it out. */
  readonly workedOutOf: string | undefined;
  /** Says until when a row holds, in a table that is versioned at the source. */
  readonly isRowEnd: boolean;
}

/** A table as the target has it. */
export interface TargetTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly TargetColumn[];
  /** Indexes of the columns that tell rows apart; undefined: all of them do. */
  readonly key: readonly number[] | undefined;
  readonly uniques: readonly UniqueIndex[];
  readonly hasTriggers: boolean;
  readonly isVersioned: boolean;
  /** The server works something out of each row: generated columns, indexes on expressions, checks. */
  readonly isComputed: boolean;
  /** Its rows refer to one another: they go in the order of the source, and in no other. */
  readonly refersToItself: boolean;
}

export interface TableNature {
  /** Changes last even if their transaction does not: engines without transactions. */
  readonly isLasting: boolean;
  readonly isVersioned: boolean;
}

/** What the target says of its tables, asked once for each. */
export class TargetTables {
  readonly #ask: (sql: string) => Promise<ResultSet>;
  #natures = new WeakMap<TableMap, TableNature>();

  constructor(ask: (sql: string) => Promise<ResultSet>) {
    this.#ask = ask;
  }

  /** Tables may have changed. */
  forget(): void {
    this.#natures = new WeakMap();
  }

  async nature(map: TableMap): Promise<TableNature> {
    const known = this.#natures.get(map);
    if (known !== undefined) return known;
    const { rows } = await this.#ask(
      `SELECT e.transactions, t.table_type FROM information_schema.tables t JOIN information_schema.engines e USING (engine) WHERE t.${isTable(map)}`,
    );
    const [transactions, type] = rows[0] ?? [];
    const nature = {
      isLasting: transactions?.toString() === 'NO',
      isVersioned: type?.toString() === 'SYSTEM VERSIONED',
    };
    this.#natures.set(map, nature);
    return nature;
  }

  /** How a table is made; undefined: it is a sequence of MariaDB, which the target has not. @throws CatalogError there is none */
  async describe(map: TableMap): Promise<TargetTable | undefined> {
    const [schema, name] = [map.schema.toString(), map.table.toString()];
    const columns = await this.#ask(
      `SELECT column_name, data_type, column_type, character_set_name, extra, column_comment, IF(is_nullable = 'NO' AND column_default IS NULL, 'NO', '') FROM information_schema.columns WHERE ${isTable(map)} ORDER BY ordinal_position`,
    );
    if (columns.rows.length === 0) {
      if (looksLikeSequence(map)) return undefined;
      throw new CatalogError(`the target has no table ${schema}.${name}`, {
        context: { table: `${schema}.${name}` },
        hint: 'Begin where the table is created, or load a copy first.',
      });
    }
    const indexes = await this.#ask(
      `SELECT s.index_name, s.column_name, s.nullable, s.sub_part FROM information_schema.statistics s WHERE s.${isTable(map)} AND s.non_unique = 0 ORDER BY s.index_name = 'PRIMARY' DESC, s.index_name, s.seq_in_index`,
    );
    const more = await this.#ask(
      `SELECT table_type, (SELECT COUNT(*) FROM information_schema.triggers WHERE event_object_schema = ${hexLiteral(map.schema)} AND event_object_table = ${hexLiteral(map.table)}), (SELECT COUNT(*) FROM information_schema.statistics s WHERE s.${isTable(map)} AND s.column_name IS NULL) FROM information_schema.tables WHERE ${isTable(map)}`,
    );
    const checks = await this.#ask(
      `SELECT constraint_name FROM information_schema.table_constraints WHERE ${isTable(map)} AND constraint_type = 'CHECK'`,
    );
    const all = columns.rows.map((row) => columnOf(row.map((value) => value?.toString() ?? '')));
    // A key that the target made for itself is no column of the source.
    const isOwn =
      all[0]!.name === GENERATED_KEY && all.length === withoutHashes(map, all.length - 1).length + 1;
    const list = isOwn ? all.slice(1) : all;
    const uniques = uniqueIndexes(
      list,
      indexes.rows.map((row) => row.map((value) => value?.toString())),
    );
    return {
      schema,
      name,
      columns: list,
      key: keyOf(list, uniques),
      uniques,
      isVersioned: String(more.rows[0]?.[0]) === 'SYSTEM VERSIONED',
      hasTriggers: String(more.rows[0]?.[1]) !== '0',
      isComputed:
        list.some(({ isGenerated }) => isGenerated) ||
        String(more.rows[0]?.[2]) !== '0' ||
        checks.rows.some(([check]) => !list.some((column) => isDocument(column, String(check)))),
      refersToItself: await refersToItself(schema, name, this.#ask),
    };
  }
}

const isTable = ({ schema, table }: TableMap): string =>
  `table_schema = ${hexLiteral(schema)} AND table_name = ${hexLiteral(table)}`;

/** JSON of MariaDB is a text with a check of its own name, that it is JSON. */
const isDocument = ({ name, type }: TargetColumn, check: string): boolean =>
  type === 'longtext' && name === check;

/** Types of MariaDB that are a number of bytes. */
const LENGTHS: Readonly<Record<string, number>> = { uuid: 16, inet6: 16, inet4: 4 };

function columnOf(row: readonly string[]): TargetColumn {
  const [name = '', type = '', whole = '', charset = '', extra = '', comment = '', demanded = ''] = row;
  return {
    name,
    type: type.toLowerCase(),
    length:
      type.toLowerCase() === 'binary'
        ? Number(/\((\d+)\)/.exec(whole)?.[1] ?? 1)
        : (LENGTHS[type.toLowerCase()] ?? 0),
    charset: charset === '' ? undefined : charset === 'utf8' ? 'utf8mb3' : charset,
    unsigned: /unsigned/i.test(whole),
    // DEFAULT_GENERATED is a default, not a column.
    isGenerated: /(virtual|stored|persistent) generated/i.test(extra),
    isDemanded: demanded === 'NO' && !/auto_increment|default_generated/i.test(extra),
    workedOutOf: sourceOfComment(comment),
    isRowEnd: comment === ROW_END_COMMENT,
  };
}
