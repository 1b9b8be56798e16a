import type { RawEvent } from '../../../binlog/index.ts';
import type { PrintState } from '../print-state.ts';
import { NotUndoable } from './not-undoable.ts';
import { UndoRecord, type UndoStack } from './undo-stack.ts';

/** A transaction whose end has not come. */
interface OpenTransaction {
  /** The statement that began it; undefined where it began before the range. */
  readonly begin: RawEvent | undefined;
  readonly place: string;
  readonly gtid: string;
  /** Of an XA transaction, as its statements write it. */
  readonly xid: string | undefined;
  hasRows: boolean;
}

/** Which rows belong together, and whether they are to be undone. Only transactions that are whole in the range are. */
export class Transactions {
  /** Number of format descriptions so far, less one: by which one events are written. */
  format = -1;
  /** Of the transaction that begins next. */
  gtid = '';
  readonly #state: PrintState;
  readonly #stack: UndoStack;
  #open: OpenTransaction | undefined = undefined;
  /** Prepared, and neither committed nor rolled back so far. Numbers count from 1. */
  readonly #prepared = new Map<string, { readonly number: number; readonly place: string }>();
  #xaCount = 0;
  readonly #committedXa = new Set<number>();

  constructor(state: PrintState, stack: UndoStack) {
    this.#state = state;
    this.#stack = stack;
  }

  /** Where an event stands, for a person. */
  place(event: RawEvent): string {
    return `${this.#state.fileName}:${this.#state.payloadPosition ?? event.position}`;
  }

  warn(place: string, what: string): void {
    this.#state.io.diagnose(`WARNING: ${place}: ${what}`);
  }

  begin(event: RawEvent, xid?: string): void {
    this.leave();
    this.#open = this.#opened(event, event.keep(), xid);
  }

  /** Whether rows that come now are in a transaction whose beginning is in the range. */
  takesRows(event: RawEvent): boolean {
    this.#open ??= this.#opened(event, undefined, undefined);
    this.#open.hasRows = true;
    return this.#open.begin !== undefined;
  }

  commit(): void {
    this.#finish(0);
  }

  rollBack(): void {
    // A server takes rows that were rolled back out of the log, unless a table without transactions kept them.
    if (this.#open?.hasRows === true) {
      throw new NotUndoable(
        'the log does not say which rows of this transaction stayed',
        'undo only what comes after it',
      );
    }
  }

  prepareXa(event: RawEvent): void {
    const xid = this.#open?.xid;
    this.#xaCount += 1;
    if (xid !== undefined) this.#prepared.set(xid, { number: this.#xaCount, place: this.place(event) });
    this.#finish(this.#xaCount);
  }

  commitXa(xid: string): void {
    const prepared = this.#prepared.get(xid);
    if (prepared === undefined) {
      throw new NotUndoable(
        'the rows of this XA transaction come before the range of events',
        'start before its XA START, or after this event',
      );
    }
    this.#prepared.delete(xid);
    this.#committedXa.add(prepared.number);
  }

  rollBackXa(xid: string): void {
    this.#prepared.delete(xid);
    if (this.#open?.xid === xid) this.#drop(this.#open);
  }

  /** Whether a transaction of this number was committed; 0 is that of all that were never only prepared. */
  isCommitted(xa: number): boolean {
    return xa === 0 || this.#committedXa.has(xa);
  }

  /** The range or the log leaves the open transaction, if there is one. */
  leave(): void {
    const open = this.#open;
    if (open?.hasRows === true) {
      this.warn(open.place, 'the transaction is not whole in the range of events and is not undone');
    }
    if (open !== undefined) this.#drop(open);
  }

  /** Nothing comes any more. */
  end(): void {
    this.leave();
    for (const { place } of this.#prepared.values()) {
      this.warn(place, 'the XA transaction is only prepared in the range of events and is not undone');
    }
  }

  #opened(event: RawEvent, begin: RawEvent | undefined, xid: string | undefined): OpenTransaction {
    const { gtid } = this;
    this.gtid = '';
    return { begin, place: this.place(event), gtid, xid, hasRows: false };
  }

  #finish(xa: number): void {
    const open = this.#open;
    if (open?.begin === undefined) {
      this.leave();
      return;
    }
    this.#open = undefined;
    if (open.hasRows) this.#stack.pushMark(UndoRecord.TRANSACTION, open.begin, xa, this.format, open.gtid);
  }

  #drop(open: OpenTransaction): void {
    this.#open = undefined;
    const { begin, hasRows } = open;
    if (hasRows && begin !== undefined) this.#stack.pushMark(UndoRecord.DROPPED, begin, 0, this.format, '');
  }
}
