import type {
  AppendBlock,
  BeginLoadQuery,
  DeleteFile,
  ExecuteLoadQuery,
  RawEvent,
} from '../../binlog/index.ts';
import type { PrintState } from './print-state.ts';
import { writeExecuteLoadQuery } from './query-text.ts';

/** LOAD DATA: its blocks become a file, the statement reads that file. */
export class LoadText {
  readonly #state: PrintState;
  /** Paths as the text shows them. */
  readonly #files = new Map<number, string>();

  constructor(state: PrintState) {
    this.#state = state;
  }

  begin(event: RawEvent, body: BeginLoadQuery): void {
    const { loadFiles } = this.#state.io;
    this.#writeBlock(event, body, 'Begin_load_query');
    this.#files.set(body.fileId, loadFiles.create(body.fileId, ''));
    loadFiles.append(body.fileId, body.data);
  }

  append(event: RawEvent, body: AppendBlock): void {
    this.#writeBlock(event, body, 'Append_block');
    if (this.#files.has(body.fileId)) {
      this.#state.io.loadFiles.append(body.fileId, body.data);
      return;
    }
    this.#state.io.diagnose(
      `WARNING: Ignoring Append_block as there is no Create_file event for file_id: ${body.fileId}`,
    );
  }

  remove(event: RawEvent, body: DeleteFile): void {
    // What was written of the file stays, as the original leaves it.
    if (this.#state.options.shortForm) return;
    this.#state.writeHeader(event);
    this.#state.out.text(`\n#Delete_file: file_id=${body.fileId}\n`);
  }

  execute(event: RawEvent, body: ExecuteLoadQuery): void {
    const file = this.#files.get(body.fileId);
    this.#files.delete(body.fileId);
    if (file === undefined) {
      this.#state.io.diagnose(
        `WARNING: Ignoring Execute_load_query since there is no Begin_load_query event for file_id: ${body.fileId}`,
      );
      return;
    }
    writeExecuteLoadQuery(this.#state, event, body, file);
  }

  #writeBlock(event: RawEvent, body: BeginLoadQuery | AppendBlock, name: string): void {
    if (this.#state.options.shortForm) return;
    this.#state.writeHeader(event);
    this.#state.out.text(`\n#${name}: file_id: ${body.fileId}  block_len: ${body.data.length}\n`);
  }
}
