import type { variableName } from '../administration/index.ts';

/** Operators between two operands, as they are printed in a tree: words that mean the same are one. */
export type BinaryOperator =
  | '='
  | '<=>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '<>'
  | 'LIKE'
  | 'REGEXP'
  | 'XOR'
  | '|'
  | '&'
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | 'DIV'
  | 'MOD'
  | '^';

/** How an expression nests: printing goes no deeper than this says. */
interface Node {
  /** One more than that of its tallest part. */
  readonly height: number;
}

/** What stands for one value, or for a row of them. */
export type Expression = Node &
  (
    | { readonly kind: 'null' }
    | { readonly kind: 'boolean'; readonly value: boolean }
    /** Digits as they were written. */
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'string'; readonly value: string }
    /** `DATE '2026-11-21'`, `TIME '…'`, `TIMESTAMP '…'`; the text as it was written. */
    | { readonly kind: 'moment'; readonly type: 'DATE' | 'TIME' | 'DATETIME'; readonly text: string }
    /** Of a hexadecimal or binary literal. */
    | { readonly kind: 'bytes'; readonly value: Buffer }
    | { readonly kind: 'variable'; readonly variable: ReturnType<typeof variableName> }
    /** `column`, `table.column`, `schema.table.column`. `bare`: one word without quotes, which may mean a value: CURRENT_DATE. */
    | { readonly kind: 'column'; readonly path: readonly string[]; readonly bare: boolean }
    | { readonly kind: 'unary'; readonly operator: '-' | '+' | '~' | 'NOT'; readonly operand: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
        readonly escape?: Expression;
      }
    /** Any number of conditions, so that long lists of them are not tall. */
    | { readonly kind: 'every' | 'some'; readonly conditions: readonly Expression[] }
    | {
        readonly kind: 'is';
        readonly operand: Expression;
        readonly not: boolean;
        readonly what: 'NULL' | 'TRUE' | 'FALSE';
      }
    | {
        readonly kind: 'between';
        readonly operand: Expression;
        readonly low: Expression;
        readonly high: Expression;
      }
    | { readonly kind: 'in'; readonly operand: Expression; readonly values: readonly Expression[] | Query }
    | {
        /** `> ALL (query)`, `= ALL (query)`, `> ANY (query)`; what says the same as IN is IN. */
        readonly kind: 'quantified';
        readonly operator: BinaryOperator;
        readonly isAll: boolean;
        readonly operand: Expression;
        readonly query: Query;
      }
    | { readonly kind: 'exists' | 'subquery'; readonly query: Query }
    | { readonly kind: 'row'; readonly values: readonly Expression[] }
    | {
        readonly kind: 'case';
        readonly operand?: Expression;
        readonly whens: readonly When[];
        readonly otherwise?: Expression;
      }
    | {
        readonly kind: 'cast';
        readonly operand: Expression;
        readonly type: string;
        readonly sizes: readonly number[];
      }
    /** COLLATE name, or BINARY in front. */
    | { readonly kind: 'collate'; readonly operand: Expression; readonly collation: string }
    /** `date + INTERVAL amount unit`, DATE_ADD and DATE_SUB. */
    | {
        readonly kind: 'interval';
        readonly sign: '+' | '-';
        readonly date: Expression;
        readonly amount: Expression;
        readonly unit: string;
      }
    | Call
  );

export interface When {
  readonly when: Expression;
  readonly result: Expression;
}

/** A function that is called by its name. */
export interface Call extends Node {
  readonly kind: 'call';
  /** As it was written. */
  readonly name: string;
  readonly schema?: string;
  /** The whole call as it was written. */
  readonly text: string;
  readonly values: readonly Expression[];
  /** COUNT(*) */
  readonly star: boolean;
  readonly distinct: boolean;
  /** Of GROUP_CONCAT. */
  readonly order: readonly Order[];
  readonly separator?: string;
  /** OVER: the name of a window, or the window. */
  readonly over?: string | Window;
}

export interface Window extends Node {
  /** The window that this one begins with. */
  readonly base?: string;
  readonly partition: readonly Expression[];
  readonly order: readonly Order[];
  /** ROWS BETWEEN … AND …: words, and the amounts among them. */
  readonly frame: readonly (string | Expression)[];
}

export interface Order {
  readonly by: Expression;
  readonly descending: boolean;
}

/** One thing of a column list. */
export type SelectItem =
  | { readonly kind: 'all'; readonly table: readonly string[] }
  /** `name`: how the column is called, by AS or by what it is made of (`implied`). */
  | {
      readonly kind: 'value';
      readonly value: Expression;
      readonly name: string;
      readonly implied: boolean;
    };

/** Where rows come from. */
export type Source = Node &
  (
    | { readonly kind: 'table'; readonly schema?: string; readonly table: string; readonly alias?: string }
    | {
        readonly kind: 'derived';
        readonly query: Query;
        readonly alias: string;
        readonly columns: readonly string[];
      }
    | { readonly kind: 'dual'; readonly alias?: string }
    | {
        readonly kind: 'join';
        readonly join: 'inner' | 'left' | 'right';
        readonly natural: boolean;
        readonly left: Source;
        readonly right: Source;
        readonly on?: Expression;
        readonly using: readonly string[];
      }
  );

export interface Select extends Node {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  /** With commas between them. */
  readonly from: readonly Source[];
  readonly where?: Expression;
  readonly group: readonly Expression[];
  readonly having?: Expression;
  readonly windows: readonly { readonly name: string; readonly window: Window }[];
}

/** VALUES ROW(…), ROW(…) */
export interface ValueRows extends Node {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
}

export type SetOperator = 'UNION' | 'UNION ALL' | 'EXCEPT' | 'INTERSECT';

/** A name that WITH gives a query. */
export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

/** A query, whole: what it is made of, in its order. */
export interface Query extends Node {
  readonly kind: 'query';
  readonly recursive: boolean;
  readonly with: readonly CommonTable[];
  readonly first: Select | ValueRows | Query;
  /** From left to right; what binds closer is a query of its own. */
  readonly rest: readonly { readonly operator: SetOperator; readonly query: Select | ValueRows | Query }[];
  readonly order: readonly Order[];
  readonly limit?: { readonly count: Expression; readonly offset?: Expression };
}
