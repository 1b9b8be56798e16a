import type { Flavour } from './flavour.ts';
import type { Random } from './random.ts';
import type { Table } from './schema.ts';

/** What a script under construction knows. */
export interface Script {
  readonly random: Random;
  readonly flavour: Flavour;
  /** Quoted names of the databases the script makes; the first is the default one. */
  readonly databases: readonly string[];
  readonly tables: Table[];
  /** Files for LOAD DATA LOCAL, by name. */
  readonly files: Map<string, Buffer>;
  /** A number nobody else in this script has. */
  next(): number;
}

/** One kind of statement or a short run of them. */
export interface StatementKind {
  readonly name: string;
  readonly weight: number;
  readonly in?: (flavour: Flavour) => boolean;
  /** Needs a table that exists. */
  readonly table?: boolean;
  readonly make: (script: Script) => readonly string[];
}

export const someTable = ({ random, tables }: Script): Table => random.pick(tables);
export const someDatabase = ({ random, databases }: Script): string => random.pick(databases);

/** Statements of one kind table, in one transaction now and then. */
export function randomStatements(script: Script, kinds: readonly StatementKind[], count: number): string[] {
  const known = kinds.filter((kind) => kind.in === undefined || kind.in(script.flavour));
  const statements: string[] = [];
  while (statements.length < count) {
    const kind = script.random.weighted(
      known.filter((one) => one.table !== true || script.tables.length > 0),
    );
    statements.push(...kind.make(script));
  }
  return statements;
}
