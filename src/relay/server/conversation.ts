import type { ReceivedCommand, Session } from '../../connection/index.ts';
import { ProtocolError, type RowlockError, ServerError } from '../../errors/index.ts';
import { ServerStatus } from '../../wire/index.ts';
import type { Context, LiveSession, Relay } from '../statements/context.ts';
import { interruption } from '../statements/interruption.ts';
import { inMariadbWords } from '../statements/mariadb-words.ts';
import { PreparedStatements } from '../statements/prepared/prepared-statements.ts';
import type { SessionState } from '../statements/session-state.ts';
import { type SessionCharsets, sessionCharsets } from '../statements/settings/session-charsets.ts';
import { refusalOf } from './refusal.ts';

/** Told of what nobody expected: it is a mistake of ours. */
export type FailureReport = (error: unknown) => void;

/** Answers a command, or throws what the client is told. */
export type CommandReader = (conversation: Conversation, command: ReceivedCommand) => Promise<void>;

/** What a conversation is given by who began it. */
export interface ConversationHooks {
  /** By `Command`: what is answered. */
  readonly commands: Readonly<Record<number, CommandReader>>;
  readonly report: FailureReport;
  readonly relogin: Relogin;
  readonly multiStatements: boolean;
}

/** Who may log in again as somebody else: COM_CHANGE_USER. Undefined: refused, and told so. */
export type Relogin = (command: ReceivedCommand) => Promise<boolean>;

/** One session after its login: hears commands and answers them until one side goes. */
export class Conversation implements LiveSession {
  readonly session: Session;
  readonly state: SessionState;
  readonly relay: Relay;
  readonly prepared: PreparedStatements = new PreparedStatements();
  readonly relogin: Relogin;
  /** Whether several statements may come in one text. */
  multiStatements: boolean;
  readonly #commands: ConversationHooks['commands'];
  readonly #report: FailureReport;
  readonly #ended = new AbortController();

  constructor(session: Session, state: SessionState, relay: Relay, hooks: ConversationHooks) {
    this.session = session;
    this.state = state;
    this.relay = relay;
    this.#commands = hooks.commands;
    this.#report = hooks.report;
    this.relogin = hooks.relogin;
    this.multiStatements = hooks.multiStatements;
  }

  /** What each answer says of the session: drivers go by it (PDO's inTransaction, say). */
  get status(): number {
    const { state, relay } = this;
    const autocommit = relay.variables.read(undefined, 'autocommit', state.viewer) === true;
    return (
      (autocommit ? ServerStatus.AUTOCOMMIT : 0) | (state.gtidNext.inTransaction ? ServerStatus.IN_TRANS : 0)
    );
  }

  /** Names and messages are read and written from here on in the character sets that the session's variables say now. @returns them */
  speak(): SessionCharsets {
    const charsets = sessionCharsets(this.context);
    this.session.speak(charsets.client, charsets.results);
    return charsets;
  }

  get context(): Context {
    return { relay: this.relay, session: this.state };
  }

  /** Aborted when the conversation ends. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Runs to the end of the conversation. */
  async run(): Promise<void> {
    const { variables } = this.relay;
    this.session.limitPackets(variables.number('max_allowed_packet'));
    try {
      while (!this.#ended.signal.aborted) {
        this.tell('Sleep', '', undefined);
        const command = await this.#nextCommand();
        if (command === undefined) return;
        await this.#answer(command);
      }
    } finally {
      this.#ended.abort();
      this.session.destroy();
    }
  }

  kill(): void {
    this.#ended.abort();
    this.state.interrupt(interruption());
    this.session.destroy();
  }

  interrupt(): void {
    if (!this.state.command.startsWith('Binlog Dump')) {
      this.state.interrupt(interruption());
      return;
    }
    void this.relay.streams.dumps.finish(this.session).then(() => this.kill());
  }

  async #nextCommand(): Promise<ReceivedCommand | undefined> {
    const seconds = Number(this.relay.variables.read(undefined, 'wait_timeout', this.state.viewer));
    const timer = setTimeout(() => this.session.destroy(), Math.min(seconds, 2_000_000) * 1000);
    try {
      return await this.session.command();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // The packet was not read, and what follows it cannot be told apart any more.
      await this.session.error({
        errno: 1153,
        sqlState: '08S01',
        message: "Got a packet bigger than 'max_allowed_packet' bytes",
      });
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async #answer(command: ReceivedCommand): Promise<void> {
    this.relay.counters.questions += 1;
    this.relay.counters.bytesReceived += command.payload.length;
    const answer = this.#commands[command.code];
    try {
      if (answer === undefined) throw new ServerError(1047, '08S01', 'Unknown command');
      await answer(this, command);
    } catch (error) {
      await this.#refuse(error);
    }
  }

  async #refuse(error: unknown): Promise<void> {
    this.speak();
    const refusal = refusalOf(this.relay.flavor === 'mariadb' ? inMariadbWords(error) : error);
    if (refusal === undefined) {
      this.#report(error);
      await this.session.error({ errno: 1105, sqlState: 'HY000', message: 'Unknown error' });
      return;
    }
    this.state.warn(refusal.errno, refusal.message, 'Error');
    await this.session.error(refusal);
    if ((error as RowlockError).code === 'SESSION_KILLED') this.kill();
  }

  /** What SHOW PROCESSLIST shows of it. */
  tell(command: string, stage: string, info: string | undefined): void {
    this.state.command = command;
    this.state.state = stage;
    this.state.info = info;
    this.state.since = this.relay.now();
  }
}
