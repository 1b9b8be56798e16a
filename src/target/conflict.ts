import { RowlockError } from '../errors/index.ts';

/** What is needed of a table to name it. */
interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** ER_KEY_NOT_FOUND and ER_DUP_ENTRY: what an applier of the servers stops with. */
export const ConflictErrno = { NOT_FOUND: 1032, DUPLICATE: 1062 } as const;

/** A row of the target is not as the source had it. The row is named by its key, never by its content. */
export class ConflictError extends RowlockError {
  readonly errno: number;

  constructor(errno: number, message: string, table: TableName) {
    super('TARGET_CONFLICT', message, {
      context: { table: `${table.schema}.${table.name}` },
      hint: 'Somebody else wrote to the target, or the copy it began with does not belong to this position.',
    });
    this.errno = errno;
  }
}

export function notFound(table: TableName, key: string): ConflictError {
  return new ConflictError(ConflictErrno.NOT_FOUND, `Can't find record in '${table.name}' (${key})`, table);
}

export function duplicate(table: TableName, key: string): ConflictError {
  return new ConflictError(ConflictErrno.DUPLICATE, `Duplicate entry in '${table.name}' (${key})`, table);
}
