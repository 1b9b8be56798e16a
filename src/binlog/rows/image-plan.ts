import { type Column, ColumnCode, type ColumnType, valueTypeOf } from '../columns/index.ts';
import type { TableMap } from '../events/table-map.ts';
import { hasColumn } from './column-bitmap.ts';

const alwaysBytes: ReadonlySet<number> = new Set([ColumnCode.JSON, ColumnCode.GEOMETRY]);
const perhapsBytes: ReadonlySet<number> = new Set([
  ColumnCode.STRING,
  ColumnCode.VARCHAR,
  ColumnCode.VAR_STRING,
  ColumnCode.BLOB,
]);

function hasText({ charset }: Column): boolean {
  return charset !== undefined && charset !== 'binary';
}

/** The columns of one row image, ready to be walked: what is present, and how each is read. */
export class ImagePlan {
  /** Columns of the table. */
  readonly tableColumns: number;
  /** Present columns, in order. */
  readonly columns: readonly Column[];
  readonly types: readonly ColumnType[];
  /** Whether many values are bytes: documents, blobs, what is no text. */
  readonly copies: boolean;
  readonly nullBytes: number;

  constructor(table: TableMap, present: Uint8Array) {
    this.tableColumns = table.columns.length;
    this.columns = table.columns.filter(({ index }) => hasColumn(present, index));
    this.types = this.columns.map(valueTypeOf);
    this.copies = this.types.some(
      ({ code }, at) => alwaysBytes.has(code) || (perhapsBytes.has(code) && !hasText(this.columns[at]!)),
    );
    this.nullBytes = (this.columns.length + 7) >> 3;
  }
}

function isFull(columns: number, present: Uint8Array): boolean {
  for (let at = 0; at < columns >> 3; at += 1) if (present[at] !== 0xff) return false;
  const rest = (1 << (columns & 7)) - 1;
  return rest === 0 || (present[columns >> 3]! & rest) === rest;
}

const fullPlans = new WeakMap<TableMap, ImagePlan>();
const otherPlans = new WeakMap<TableMap, Map<string, ImagePlan>>();
/** Of one table map, by what is present (`binlog_row_image=MINIMAL`). */
const MOST_OTHER_PLANS = 100;

function otherPlanOf(table: TableMap, present: Uint8Array): ImagePlan {
  let plans = otherPlans.get(table);
  if (plans === undefined) {
    plans = new Map();
    otherPlans.set(table, plans);
  }
  const key = String.fromCharCode(...present);
  let plan = plans.get(key);
  if (plan === undefined) {
    if (plans.size >= MOST_OTHER_PLANS) plans.clear();
    plan = new ImagePlan(table, present);
    plans.set(key, plan);
  }
  return plan;
}

/** The plan for a bitmap of present columns: those of a table map are made once. */
export function imagePlanOf(table: TableMap, present: Uint8Array): ImagePlan {
  if (!isFull(table.columns.length, present)) return otherPlanOf(table, present);
  let plan = fullPlans.get(table);
  if (plan === undefined) {
    plan = new ImagePlan(table, present);
    fullPlans.set(table, plan);
  }
  return plan;
}

/** JSON columns of the table: partial images have a bit for each. */
export function jsonColumnsOf(table: TableMap): readonly Column[] {
  return table.columns.filter(({ code }) => code === ColumnCode.JSON);
}

/** Partial after images start with this bit set in their options (MySQL `PARTIAL_JSON_UPDATES`). */
export const PARTIAL_JSON_OPTION = 1;
