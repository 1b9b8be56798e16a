import type { Flavor } from '../../../binlog/index.ts';
import type { SqliteDatabase, SqliteValue } from '../../../store/index.ts';
import type { Expressions } from '../../expressions.ts';
import { CatalogError, isKept, mentionedIn, type Table, type TableColumn } from '../../schema/index.ts';
import { conversion } from './conversion/convert.ts';
import { settledDefault } from './settled-default.ts';

/** How a stored generated column, or a default that is an expression, is worked out of the others of its row. */
export interface WorkedOut {
  /** Of SQLite. */
  readonly sql: string;
  /** What of it is kept. @throws CatalogError what the column holds then only the source knows */
  readonly convert: (value: SqliteValue) => SqliteValue;
}

/** Whoever works out generated columns, and for which source. */
export interface Working {
  readonly flavor: Flavor;
  /** Undefined: nobody does. */
  readonly expressions?: Expressions | undefined;
}

/** How the column of this index is worked out in a database that holds its table. Undefined: only the source can. */
export function workedOut(
  table: Table,
  index: number,
  database: SqliteDatabase,
  { flavor, expressions }: Working,
): WorkedOut | undefined {
  const column = table.columns[index]!;
  const expression = column.expression ?? defaultExpression(column);
  if (expression === undefined) return undefined;
  // What is not kept is not there to be computed with.
  const isMentioned = mentionedIn(expression);
  if (table.columns.some((other) => !isKept(other) && isMentioned(other.name))) return undefined;
  const found = expressions?.translate(expression, table, flavor);
  // What chooses among decimals of several lengths gives all of them the digits of the longest: numbers are the same, texts are not.
  if (found === undefined || (found.type.name === 'decimal' && column.charset !== undefined))
    return undefined;
  expressions!.register(database);
  const given = { ...column, type: found.type, charset: 'utf8mb4', nullable: true };
  try {
    return { sql: found.sql, convert: conversion(table, given, column) };
  } catch (error) {
    if (error instanceof CatalogError) return undefined;
    throw error;
  }
}

function defaultExpression(column: TableColumn): string | undefined {
  const given = settledDefault(column);
  return given?.kind === 'expression' ? given.text : undefined;
}
