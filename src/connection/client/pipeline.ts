import { Command, OK } from '../../wire/index.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';
import { type Outcome, readAnswer } from './query.ts';

/**
 * Commands that are sent before the answers of earlier ones are read. Answers come in the order of the commands.
 *
 * A server goes on with what has been sent after a command that failed: whoever sends ahead writes commands that notice.
 */
export class Pipeline {
  readonly #channel: PacketChannel;
  readonly #finish: (error?: unknown) => unknown;
  /** Of each unanswered command: the frames it took, which its answer's numbers follow, and its statements. */
  readonly #sent: { readonly frames: number; readonly statements: number }[] = [];

  constructor(channel: PacketChannel, finish: (error?: unknown) => unknown) {
    this.#channel = channel;
    this.#finish = finish;
  }

  /** How many statements of the last command that was answered succeeded. */
  answered = 0;

  /** Commands without an answer yet. */
  get unanswered(): number {
    return this.#sent.length;
  }

  /** Bytes that were added and not sent yet. */
  get unsent(): number {
    return this.#channel.writer.length;
  }

  /**
   * Adds a command, in the connection's character set; {@link flush} sends what was added.
   *
   * @param command its bytes, in pieces
   * @param statements how many it holds, each with one answer: more than one after `allowSeveral`
   */
  add(command: readonly Uint8Array[], statements: number): void {
    const { writer } = this.#channel;
    writer.sequence = 0;
    const payload = writer.begin();
    payload.u8(Command.COM_QUERY);
    for (const piece of command) payload.bytes(piece);
    writer.end();
    this.#sent.push({ frames: writer.sequence, statements });
  }

  /** Sends what was added; resolved at once while the server keeps up. */
  flush(): Promise<void> | undefined {
    return this.#channel.flush() ? undefined : this.#channel.drained();
  }

  /**
   * Reads the answer to the oldest command. Rows are read and dropped.
   *
   * Statements are counted, because BINLOG forgets to say that more is to come.
   *
   * @param onAnswer told of each statement that succeeded, and its number in the command
   * @throws ServerError a statement failed, and those behind it in its command were not tried; the pipeline can be used on
   */
  async answer(onAnswer?: (outcome: Outcome, index: number) => void): Promise<void> {
    const sent = this.#sent.shift();
    if (sent === undefined) throw new RangeError('no command is unanswered');
    const channel = this.#channel;
    channel.reader.expected = sent.frames;
    try {
      for (this.answered = 0; this.answered < sent.statements; this.answered += 1) {
        // Most are here already, and say nothing but OK.
        // oxlint-disable-next-line no-await-in-loop -- answers come one after the other
        if (!channel.step()) await channel.next();
        if (onAnswer === undefined && channel.marker === OK) continue;
        // oxlint-disable-next-line no-await-in-loop -- answers come one after the other
        const outcome = await readAnswer(channel);
        onAnswer?.(outcome, this.answered);
      }
    } catch (error) {
      throw this.#finish(error);
    }
  }

  /** Gives the connection back. Every statement has been answered. */
  end(): void {
    if (this.#sent.length > 0) throw new RangeError(`${this.#sent.length} commands are unanswered`);
    this.#finish();
  }
}
