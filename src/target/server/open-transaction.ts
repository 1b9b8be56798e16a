import type { Query } from '../../binlog/index.ts';
import type { Definition, PositionMark, RowsOfTable } from '../target.ts';
import type { DefinitionRun } from './definition/definition-run.ts';

/** Takes what comes of the source transaction that is open. */
export interface OpenTransaction {
  settings(query: Query): Promise<void>;
  rows(rows: RowsOfTable): Promise<void>;
  /** What is to be carried out of a definition; undefined: nothing, or it was before. @throws FormatError */
  planned(definition: Definition): DefinitionRun | undefined;
  /** A statement inside the transaction. */
  add(statement: string): Promise<void>;
  takePrepared(xid: string): Promise<Uint8Array | undefined>;
  commit(after: PositionMark | undefined): Promise<void>;
  rollback(): Promise<void>;
}
