import { ConnectionError, ProtocolError, RowlockError, SecurityError } from '../../errors/index.ts';
import {
  type ClientSetup,
  explainLateLoss,
  opensslWords,
  prepareClient,
  resolvePolicy,
  type SecuredSocket,
  secureClient,
  TlsText,
  tlsError,
} from '../../tls/index.ts';
import {
  Capability,
  DEFAULT_COLLATION,
  type Handshake,
  handshake,
  handshakeResponse,
  has,
  prepareZstd,
  realVersion,
  SESSION_LIMITS,
  sslRequest,
} from '../../wire/index.ts';
import { ClientErrno, lostWhile, type Phase } from '../client-errors.ts';
import { PacketChannel } from '../packets/packet-channel.ts';
import { Login } from './authenticate.ts';
import {
  type ConnectOptions,
  connectionAttributes,
  DEFAULT_CONNECT_TIMEOUT_MS,
  MAX_ALLOWED_PACKET,
} from './connect-options.ts';
import { Connection } from './connection.ts';
import { negotiate } from './negotiate.ts';
import { openSocket } from './open-socket.ts';
import { noServer, otherProtocol, PROTOCOL_VERSION } from './strange-greeting.ts';

/**
 * Opens a conversation: connects, upgrades to TLS as the policy asks, authenticates.
 *
 * @throws ConnectionError no server, or it went away; SecurityError a promise about TLS could not be kept; ServerError the server
 *   refused; ProtocolError what answered is no server. Messages are the client library's, `hint` is ours.
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const socket = await openSocket(options, connectTimeoutMs, options.signal);
  const channel = new PacketChannel(socket);
  // During the TLS handshake the socket is not the channel's: both are told that it is over.
  const over = new AbortController();
  const end = (reason: Error): void => {
    over.abort(reason);
    channel.destroy(reason);
  };
  // One limit for the whole login: a server that answers a byte a second is no server.
  const timer =
    connectTimeoutMs > 0
      ? setTimeout(() => {
          end(Object.assign(new Error('the login took too long'), { code: 'ETIMEDOUT' }));
        }, connectTimeoutMs)
      : undefined;
  const onAbort = (): void => end(options.signal?.reason as Error);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const login = new Opening(channel, options, over.signal);
  try {
    return await login.run();
  } catch (error) {
    channel.destroy();
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw error instanceof RowlockError
      ? error.at({ host: options.host ?? options.socketPath ?? 'localhost' })
      : error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** What MariaDB's client library takes for this machine; a name could lead anywhere. */
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);

/** The steps of a login, which share what they learn. */
class Opening {
  readonly #channel: PacketChannel;
  readonly #options: ConnectOptions;
  readonly #over: AbortSignal;
  #phase: Phase = 'reading initial communication packet';
  #setup: ClientSetup | undefined;
  #secured: SecuredSocket | undefined;

  constructor(channel: PacketChannel, options: ConnectOptions, over: AbortSignal) {
    this.#channel = channel;
    this.#options = options;
    this.#over = over;
  }

  async run(): Promise<Connection> {
    try {
      return await this.#run();
    } catch (error) {
      throw this.#explained(error);
    }
  }

  async #run(): Promise<Connection> {
    const channel = this.#channel;
    const greeting = await this.#greeting();
    const tls = this.#wantsTls(greeting);
    const { capabilities, compression } = negotiate(greeting.capabilities, this.#options, tls);
    channel.agreed = { capabilities, extended: 0 };
    const collation = this.#options.collation ?? DEFAULT_COLLATION;
    const head = { capabilities, extended: 0, maxPacket: MAX_ALLOWED_PACKET, collation };
    if (tls) {
      this.#phase = 'sending connection information to server';
      channel.put(sslRequest, head);
      await this.#upgrade();
    }
    this.#phase = 'sending authentication information';
    const login = new Login(this.#options, greeting, this.#secured);
    channel.put(handshakeResponse, {
      ...head,
      user: this.#options.user,
      authData: login.firstAnswer(),
      schema: this.#options.schema,
      plugin: login.plugin,
      attributes: connectionAttributes(this.#options),
      zstdLevel: this.#options.zstdLevel ?? 3,
    });
    channel.flush();
    this.#phase = 'reading authorization packet';
    if (compression === 'zstd') await prepareZstd();
    await login.finish(channel);
    if (compression !== undefined) {
      channel.compress(compression, compression === 'zstd' ? (this.#options.zstdLevel ?? 3) : undefined);
    }
    channel.reader.limits = SESSION_LIMITS;
    channel.setReadTimeout(this.#options.readTimeoutMs ?? 0);
    const peer = this.#secured?.peer;
    return new Connection(channel, {
      serverVersion: realVersion(greeting.serverVersion),
      connectionId: greeting.connectionId,
      capabilities,
      tls:
        peer === undefined || this.#secured?.proofNeeded !== true ? peer : { ...peer, verified: 'password' },
      compression,
      signal: this.#options.signal,
    });
  }

  async #greeting(): Promise<Handshake> {
    const channel = this.#channel;
    try {
      await channel.next();
    } catch (error) {
      throw error instanceof ProtocolError ? noServer(channel.reader.takeRest(), error) : error;
    }
    channel.throwIfError();
    const { marker } = channel;
    if (marker >= 0 && marker !== PROTOCOL_VERSION) throw otherProtocol(marker);
    return channel.read(handshake);
  }

  #wantsTls(greeting: Handshake): boolean {
    const { ssl = {}, socketPath } = this.#options;
    const policy = resolvePolicy(ssl);
    if (!policy.wanted) return false;
    // Nobody listens on a local socket: MySQL uses TLS there only where it was asked for by name.
    if (socketPath !== undefined && policy.mode === 'PREFERRED' && policy.dialect === 'mysql') return false;
    if (has(greeting.capabilities, Capability.SSL)) return true;
    if (!policy.required) return false;
    throw tlsError(policy.dialect, 'TLS_NOT_OFFERED', TlsText.notSupported[policy.dialect], {
      hints: [
        'the server (or somebody between) does not offer TLS: its ssl_cert and ssl_key may be missing or unreadable',
      ],
    });
  }

  /** From here on only what comes through TLS counts. Once asked for, there is no way back to a plain conversation. */
  async #upgrade(): Promise<void> {
    const channel = this.#channel;
    this.#setup = await prepareClient(this.#options.ssl ?? {});
    const unread = channel.release();
    if (unread.length > 0) {
      throw new SecurityError(
        ClientErrno.CR_SERVER_HANDSHAKE_ERR,
        'the server sent data before the TLS handshake',
        {
          code: 'TLS_INJECTED',
          hint: 'Somebody between here and the server may be injecting packets.',
        },
      );
    }
    channel.socket.write(channel.writer.take());
    const { host = 'localhost', socketPath } = this.#options;
    const isLocal =
      this.#options.ssl?.trustsLocal === true && (socketPath !== undefined || LOOPBACK.has(host));
    this.#secured = await secureClient(channel.socket, this.#setup, host, this.#over, isLocal);
    channel.adopt(this.#secured.socket);
  }

  /** Puts a loss into the client library's words, with what a refusal of the client's certificate looks like. */
  #explained(error: unknown): unknown {
    if (error instanceof ConnectionError && error.code === 'CONNECTION_CLOSED') return this.#lost(undefined);
    // What the operating system or OpenSSL says carries a code; anything else is not a loss.
    if (error instanceof RowlockError || !(error instanceof Error) || !('code' in error)) return error;
    return error.name === 'AbortError' ? error : this.#lost(error);
  }

  #lost(cause: Error | undefined): Error {
    const setup = this.#setup;
    if (setup === undefined || this.#secured === undefined) return lostWhile(this.#phase, cause);
    const words = cause === undefined ? '' : opensslWords(cause.message);
    const offer = { versions: setup.versions, ciphers: setup.ciphers, own: setup.own?.certificate };
    const hints = explainLateLoss(words, offer);
    // The original meets the alert while writing its answer: a broken pipe, number 32.
    const refused = /alert/.test(words) || (cause === undefined && setup.own !== undefined);
    if (!refused) return lostWhile(this.#phase, cause, hints);
    const broken = Object.assign(new Error(words || 'broken pipe', { cause }), { code: 'EPIPE' });
    return lostWhile('sending authentication information', broken, hints);
  }
}
