import type { PartitionChange, Partitioning, UnknownPartitioning } from './partitioning.ts';

/** The parts of a table as statements define it. Names and texts are decoded; what a replica has no use for is left out. */

export interface QualifiedName {
  /** Undefined: the default schema of the statement. */
  readonly schema: string | undefined;
  readonly name: string;
}

/** The type of a column, under the name the server itself shows (`INTEGER` is `int`, `BOOL` is `tinyint`). */
export interface ColumnType {
  /** As information_schema's DATA_TYPE: lower case, one word. */
  readonly name: string;
  /** Display width, characters, bytes, digits, or dimensions of a vector. */
  readonly length: number | undefined;
  /** Digits behind the point of DECIMAL, FLOAT and DOUBLE; of a second for temporal types. */
  readonly decimals: number | undefined;
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  /** What ENUM and SET may hold. */
  readonly values: readonly string[] | undefined;
  readonly charset: string | undefined;
  readonly collation: string | undefined;
  /** The BINARY attribute: the charset's binary collation. */
  readonly binaryCollation: boolean;
}

/** What a row gets that says nothing of a column. */
export type ColumnDefault =
  | { readonly kind: 'null' }
  /** A literal: a quoted text, without quotes. */
  | { readonly kind: 'text'; readonly text: string }
  /** A literal number, bit or hexadecimal value, TRUE or FALSE, as written. */
  | { readonly kind: 'literal'; readonly text: string }
  /** CURRENT_TIMESTAMP, NOW() and their synonyms, with digits of a second. */
  | { readonly kind: 'now'; readonly decimals: number }
  /** Any other expression, as written. */
  | { readonly kind: 'expression'; readonly text: string };

/** What becomes of rows that name a row which goes or changes its key. `restrict`: it may not, or nobody looks. */
export type ReferentialAction = 'cascade' | 'setNull' | 'restrict';

/** What stands behind REFERENCES. */
export interface ForeignKeyReference {
  readonly parent: QualifiedName;
  /** Empty: not said. */
  readonly parentColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

export interface ForeignKeyDefinition extends ForeignKeyReference {
  /** Undefined: the server makes one up. */
  readonly name: string | undefined;
  readonly columns: readonly string[];
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: ColumnType;
  /** False for NOT NULL, and for columns of a primary key that the column itself declares. */
  readonly nullable: boolean;
  /** NULL is written: nothing makes it NOT NULL. */
  readonly saysNull?: true;
  readonly default: ColumnDefault | undefined;
  /** ON UPDATE CURRENT_TIMESTAMP: the source's rows carry what came of it. */
  readonly onUpdate?: true;
  readonly autoIncrement: boolean;
  readonly generated: 'virtual' | 'stored' | undefined;
  /** What a generated column is worked out by, as written; absent: not known. */
  readonly expression?: string;
  readonly invisible: boolean;
  /** MariaDB: AS ROW START and AS ROW END of a system-versioned table. */
  readonly period: 'start' | 'end' | undefined;
  readonly key: 'primary' | 'unique' | undefined;
  readonly comment: string;
  /** A foreign key that the column itself declares: MariaDB makes one of it. */
  readonly references?: ForeignKeyReference;
  /** MariaDB: WITH SYSTEM VERSIONING of a column, which is the table's too. */
  readonly systemVersioning?: true;
}

export interface IndexPart {
  /** Undefined: an expression. */
  readonly column: string | undefined;
  /** Characters or bytes of the column's beginning. */
  readonly prefix: number | undefined;
  readonly descending: boolean;
}

export interface IndexDefinition {
  readonly kind: 'primary' | 'unique' | 'index' | 'fulltext' | 'spatial' | 'vector';
  /** Undefined: the server makes one up from its first column. */
  readonly name: string | undefined;
  readonly parts: readonly IndexPart[];
  /** MariaDB: UNIQUE (…, period WITHOUT OVERLAPS). */
  readonly withoutOverlaps: boolean;
}

/** Options of a table that decide how its rows read. */
export interface TableOptions {
  readonly charset: string | undefined;
  readonly collation: string | undefined;
  readonly engine: string | undefined;
  readonly systemVersioning: boolean;
}

/** FIRST, AFTER a column, or behind all others. */
export type ColumnPlace =
  | { readonly kind: 'first' }
  | { readonly kind: 'last' }
  | { readonly kind: 'after'; readonly column: string };

export type TableChange =
  | {
      readonly kind: 'addColumn';
      readonly column: ColumnDefinition;
      readonly place: ColumnPlace;
      readonly ifNotExists: boolean;
    }
  | { readonly kind: 'dropColumn'; readonly column: string; readonly ifExists: boolean }
  /** CHANGE; MODIFY is a change to the same name. `place` undefined: where it stands. */
  | {
      readonly kind: 'changeColumn';
      readonly from: string;
      readonly column: ColumnDefinition;
      readonly place: ColumnPlace | undefined;
      readonly ifExists: boolean;
    }
  | { readonly kind: 'renameColumn'; readonly from: string; readonly to: string; readonly ifExists: boolean }
  /** ALTER COLUMN … SET DEFAULT and DROP DEFAULT (undefined). */
  | { readonly kind: 'setDefault'; readonly column: string; readonly default: ColumnDefault | undefined }
  | { readonly kind: 'setVisible'; readonly column: string; readonly visible: boolean }
  | { readonly kind: 'addIndex'; readonly index: IndexDefinition; readonly ifNotExists: boolean }
  /** A constraint's name may be that of a unique key, of a check or of a foreign key. */
  | {
      readonly kind: 'dropIndex';
      readonly name: string;
      readonly ifExists: boolean;
      readonly constraint: boolean;
    }
  | { readonly kind: 'addForeignKey'; readonly key: ForeignKeyDefinition; readonly ifNotExists: boolean }
  | { readonly kind: 'dropForeignKey'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'dropPrimaryKey' }
  | { readonly kind: 'renameIndex'; readonly from: string; readonly to: string }
  | { readonly kind: 'renameTable'; readonly to: QualifiedName }
  | { readonly kind: 'options'; readonly options: TableOptions }
  /** CONVERT TO CHARACTER SET: the text columns too. */
  | { readonly kind: 'convert'; readonly charset: string | undefined; readonly collation: string | undefined }
  /** TRUNCATE PARTITION, DROP PARTITION, EXCHANGE PARTITION: rows go without row events. */
  | {
      readonly kind: 'partitionRows';
      readonly what: string;
      /** EXCHANGE, CONVERT: the table that they come from, or go to. */
      readonly other: QualifiedName | undefined;
      /** DROP, TRUNCATE: which. */
      readonly partitions: readonly string[] | 'all';
      /** MariaDB: those that are not there are passed over. */
      readonly ifExists: boolean;
    }
  /** Rows stay, and lie in other partitions. */
  | { readonly kind: 'partitions'; readonly change: PartitionChange }
  | { readonly kind: 'dropSystemVersioning' };

/** A statement that defines tables or schemas. */
export type TableStatement =
  | {
      readonly kind: 'createTable';
      readonly table: QualifiedName;
      readonly temporary: boolean;
      readonly ifNotExists: boolean;
      /** MariaDB: OR REPLACE */
      readonly orReplace: boolean;
      readonly columns: readonly ColumnDefinition[];
      readonly indexes: readonly IndexDefinition[];
      readonly foreignKeys: readonly ForeignKeyDefinition[];
      readonly options: TableOptions;
      /** Undefined: it has no partitions. */
      readonly partitioning: Partitioning | UnknownPartitioning | undefined;
      /** CREATE TABLE … LIKE */
      readonly like: QualifiedName | undefined;
      /** More columns come from a query: the definition is not whole. */
      readonly select: boolean;
    }
  | {
      readonly kind: 'alterTable';
      readonly table: QualifiedName;
      readonly ifExists: boolean;
      readonly changes: readonly TableChange[];
    }
  | {
      readonly kind: 'renameTables';
      readonly pairs: readonly { readonly from: QualifiedName; readonly to: QualifiedName }[];
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'dropTables';
      readonly tables: readonly QualifiedName[];
      readonly ifExists: boolean;
      readonly temporary: boolean;
    }
  | { readonly kind: 'truncateTable'; readonly table: QualifiedName }
  | {
      readonly kind: 'createSchema';
      readonly schema: string;
      readonly ifNotExists: boolean;
      readonly orReplace: boolean;
      readonly charset: string | undefined;
      readonly collation: string | undefined;
    }
  /** `schema` undefined: the default one. */
  | {
      readonly kind: 'alterSchema';
      readonly schema: string | undefined;
      readonly charset: string | undefined;
      readonly collation: string | undefined;
    }
  | { readonly kind: 'dropSchema'; readonly schema: string; readonly ifExists: boolean }
  /** Nothing to do with tables or schemas: views, routines, accounts, SET, … */
  | { readonly kind: 'other' }
  /** About a table, but not understood: whoever tracks tables must not go on as if it had been. */
  | { readonly kind: 'unknown'; readonly reason: string };
