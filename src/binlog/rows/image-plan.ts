import { type Column, ColumnCode, type ColumnType, valueTypeOf } from '../columns/index.ts';
import type { TableMap } from '../events/table-map.ts';

/** The columns of one row image, ready to be walked: what is present, and how each is read. */
export class ImagePlan {
  /** Columns of the table. */
  readonly tableColumns: number;
  /** Present columns, in order. */
  readonly columns: readonly Column[];
  readonly types: readonly ColumnType[];
  /** The `read` of each type. */
  readonly reads: readonly ColumnType['read'][];
  /** Whether some values are copies of bytes: documents, blobs, what is no text. */
  readonly copies: boolean;
  readonly nullBytes: number;

  constructor(table: TableMap, present: Uint8Array) {
    this.tableColumns = table.columns.length;
    this.columns = table.columns.filter(({ index }) => (present[index >> 3]! & (1 << (index & 7))) !== 0);
    this.types = this.columns.map(valueTypeOf);
    this.reads = this.types.map(({ read }) => read);
    this.copies = this.columns.some(
      ({ code, charset }) => code === ColumnCode.JSON || charset === 'binary' || charset === undefined,
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

/** The plan for a bitmap of present columns. Full images, the usual ones, share one plan a table map. */
export function imagePlanOf(table: TableMap, present: Uint8Array): ImagePlan {
  if (!isFull(table.columns.length, present)) return new ImagePlan(table, present);
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
