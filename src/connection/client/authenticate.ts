import {
  ConnectionError,
  ProtocolError,
  RowlockError,
  SecurityError,
  ServerError,
} from '../../errors/index.ts';
import {
  explainDenied,
  isCertificateProof,
  type SecuredSocket,
  TlsText,
  tlsError,
  VERDICT_TEXT,
} from '../../tls/index.ts';
import {
  AUTH_MORE_DATA,
  AUTH_NEXT_FACTOR,
  AUTH_SWITCH,
  type AuthPlugin,
  authNextFactor,
  authPlugin,
  authSwitch,
  type ClientContext,
  type ClientConversation,
  DEFAULT_PLUGIN,
  type Handshake,
  OK,
  type Ok,
  ok,
} from '../../wire/index.ts';
import { ClientErrno } from '../client-errors.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';
import type { ConnectOptions } from './connect-options.ts';

/** More turns than any plugin needs; a server that goes on and on is cut off. */
const MAX_TURNS = 32;
/** ER_ACCESS_DENIED_ERROR */
const ACCESS_DENIED = 1045;

/** One login: the conversation of each factor, and what it needs to know of the connection. */
export class Login {
  readonly #options: ConnectOptions;
  readonly #greeting: Handshake;
  readonly #secured: SecuredSocket | undefined;
  #factor = 0;
  #plugin: AuthPlugin;
  #conversation: ClientConversation;

  constructor(options: ConnectOptions, greeting: Handshake, secured: SecuredSocket | undefined) {
    this.#options = options;
    this.#greeting = greeting;
    this.#secured = secured;
    this.#plugin = this.#firstPlugin();
    this.#conversation = this.#plugin.client(this.#context());
  }

  /** Name of the plugin the login begins with. */
  get plugin(): string {
    return this.#plugin.name;
  }

  /**
   * The answer to the greeting. Empty where the plugin would have to give away more than a scramble to whoever greets:
   * the server then asks again, inside TLS.
   */
  firstAnswer(): Buffer {
    if (!this.#plugin.answersGreeting || this.#plugin.name !== this.#greeting.plugin) return Buffer.alloc(0);
    this.#refuseUnproved();
    return this.#conversation.answer(this.#greeting.scramble) ?? Buffer.alloc(0);
  }

  /** Talks until the server accepts. */
  async finish(channel: PacketChannel): Promise<void> {
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      await channel.next();
      if (channel.marker === OK) return this.#accepted(channel.read(ok));
      try {
        channel.throwIfError();
      } catch (error) {
        throw this.#explained(error as ServerError);
      }
      const answer = this.#turn(channel);
      if (answer !== undefined) {
        channel.putBytes(answer);
        channel.flush();
      }
    }
    throw new ProtocolError(`the login did not end after ${MAX_TURNS} turns`, { code: 'PROTOCOL_AUTH' });
  }

  #turn(channel: PacketChannel): Buffer | undefined {
    switch (channel.marker) {
      case AUTH_SWITCH: {
        const { plugin, data } = channel.read(authSwitch);
        return this.#begin(plugin, data);
      }
      case AUTH_NEXT_FACTOR: {
        const { plugin, data } = channel.read(authNextFactor);
        this.#factor += 1;
        return this.#begin(plugin, data);
      }
      case AUTH_MORE_DATA:
        return this.#conversation.answer(channel.copy(1));
      default:
        // MariaDB leaves the 01 out where the data cannot be mistaken for another packet.
        return this.#conversation.answer(channel.copy());
    }
  }

  #begin(name: string, data: Buffer): Buffer | undefined {
    const plugin = authPlugin(name);
    if (plugin === undefined) {
      throw new ConnectionError(
        ClientErrno.CR_AUTH_PLUGIN_CANNOT_LOAD,
        `Authentication plugin '${name}' cannot be loaded: not supported`,
        { code: 'AUTH_PLUGIN_UNKNOWN' },
      );
    }
    this.#plugin = plugin;
    this.#conversation = plugin.client(this.#context());
    this.#refuseUnproved();
    return this.#conversation.answer(data);
  }

  #firstPlugin(): AuthPlugin {
    const { defaultAuth } = this.#options;
    // As with the client libraries, one that is not known is not begun with: the server says what it wants.
    const wanted = defaultAuth === undefined ? undefined : authPlugin(defaultAuth);
    // MySQL's refuses one that is not switched on before it says a word; MariaDB's knows no such switch.
    if (this.#options.ssl?.dialect !== 'mariadb') wanted?.checkChosen?.(this.#context());
    const plugin = wanted ?? authPlugin(this.#greeting.plugin) ?? DEFAULT_PLUGIN;
    // Where the certificate has to be proved, begin with a plugin that can; the server switches to the account's.
    const proves = this.#secured?.proofNeeded !== true || plugin.storedHash !== undefined;
    return proves ? plugin : (authPlugin('mysql_native_password') ?? plugin);
  }

  #context(): ClientContext {
    const {
      passwords = [],
      serverPublicKey,
      getServerPublicKey,
      enableCleartextPlugin,
      socketPath,
    } = this.#options;
    return {
      password: Buffer.from(passwords[this.#factor] ?? ''),
      secure: this.#secured !== undefined || socketPath !== undefined,
      encrypted: this.#secured !== undefined,
      ...(serverPublicKey === undefined ? {} : { serverPublicKey }),
      getServerPublicKey: getServerPublicKey === true,
      enableCleartextPlugin: enableCleartextPlugin === true,
    };
  }

  /** Before anything that depends on the password leaves: can the server prove its certificate with it afterwards? */
  #refuseUnproved(): void {
    if (this.#secured?.proofNeeded !== true) return;
    const hasPassword = (this.#options.passwords?.[0] ?? '') !== '';
    if (hasPassword && this.#conversation.passwordHash !== undefined) return;
    throw this.#unproved(
      hasPassword
        ? `the certificate is self-signed and the plugin ${this.#plugin.name} cannot prove it by the password`
        : 'the certificate is self-signed and the account has no password to prove it by',
    );
  }

  #unproved(hint: string): SecurityError {
    const ways =
      "give the server's authority with --ssl-ca, or go without verification with --skip-ssl-verify-server-cert";
    const verdict = this.#secured?.peer.verdict;
    const hasPassword = (this.#options.passwords?.[0] ?? '') !== '';
    const words = hasPassword || verdict === undefined ? undefined : VERDICT_TEXT[verdict];
    return tlsError('mariadb', 'TLS_UNPROVED', words ?? TlsText.unproved.mariadb, { hints: [hint, ways] });
  }

  #accepted({ info }: Ok): void {
    if (this.#secured?.proofNeeded !== true) return;
    const hash = this.#conversation.passwordHash?.();
    const [certificate] = this.#secured.peer.chain;
    const proved =
      hash !== undefined &&
      certificate !== undefined &&
      isCertificateProof(info, hash, this.#greeting.scramble, certificate);
    if (!proved)
      throw this.#unproved(
        'the server accepted the password but did not prove its certificate with it: somebody may be in between',
      );
  }

  #explained(error: ServerError): RowlockError {
    if (error.errno !== ACCESS_DENIED) return error;
    const hint = explainDenied(this.#secured !== undefined, this.#secured?.own).join('\n');
    return new ServerError(error.errno, error.sqlState, error.message, { cause: error, hint });
  }
}
