import type { KeyObject } from 'node:crypto';
import type { Socket } from 'node:net';
import { charsetOfCollation, resultsConversion, wideCharsets } from '../../charset/index.ts';
import { ProtocolError, UsageError } from '../../errors/index.ts';
import { certificateProof, type SecuredClient, type ServerSetup, secureServer } from '../../tls/index.ts';
import {
  type AuthPlugin,
  authPlugin,
  Capability,
  changeUser,
  DEFAULT_PLUGIN,
  type HandshakeResponse,
  handshake,
  handshakeResponse,
  has,
  makeNonce,
  ok,
  PLAIN_OK,
  prepareZstd,
  readPacket,
  SESSION_LIMITS,
  ServerStatus,
  SSL_REQUEST_SIZE,
  sslRequest,
} from '../../wire/index.ts';
import { PacketChannel } from '../packets/packet-channel.ts';
import type { Account, Applicant, Refusal, Verifier } from './account.ts';
import { Challenge, refuse } from './challenge.ts';
import { Session } from './session.ts';

const C = Capability;

/** What a server here offers. Left out: what would change the layout of results for nothing. */
const OFFERED =
  C.LONG_PASSWORD |
  C.FOUND_ROWS |
  C.LONG_FLAG |
  C.CONNECT_WITH_DB |
  C.ODBC |
  C.IGNORE_SPACE |
  C.PROTOCOL_41 |
  C.INTERACTIVE |
  C.IGNORE_SIGPIPE |
  C.TRANSACTIONS |
  C.RESERVED |
  C.SECURE_CONNECTION |
  C.MULTI_STATEMENTS |
  C.MULTI_RESULTS |
  C.PS_MULTI_RESULTS |
  C.PLUGIN_AUTH |
  C.CONNECT_ATTRS |
  C.PLUGIN_AUTH_LENENC;

/** How clients are received. */
export interface AcceptOptions {
  /** What the greeting says; MySQL's own client wants it to begin with 5, 8 or 9. */
  readonly serverVersion: string;
  readonly connectionId: number;
  readonly verifier: Verifier;
  /** Undefined: TLS is not offered. */
  readonly tls?: ServerSetup;
  /** Refuses plain TCP before any password is asked for (3159). */
  readonly requireSecureTransport?: boolean;
  /** Plugin of the greeting, and of unknown names. Default caching_sha2_password. */
  readonly defaultPlugin?: string;
  /** For password exchanges without TLS. */
  readonly rsaKey?: KeyObject;
  readonly compression?: boolean;
  /** For the whole login. Default 10 s, as MySQL's connect_timeout. */
  readonly loginTimeoutMs?: number;
  /** Default 255, utf8mb4_0900_ai_ci. */
  readonly collation?: number;
}

const LOGIN_TIMEOUT_MS = 10_000;
const UTF8MB4_0900_AI_CI = 255;
/** ER_SECURE_TRANSPORT_REQUIRED */
const SECURE_TRANSPORT_REQUIRED: Refusal = {
  errno: 3159,
  sqlState: 'HY000',
  message: 'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
};

/**
 * The server's half of a login: greets, upgrades to TLS when asked, authenticates against the verifier.
 *
 * @throws ServerError the client was refused and told so; SecurityError its TLS was not acceptable; ProtocolError it is no client;
 *   ConnectionError it went away. The socket is closed then.
 */
export async function accept(socket: Socket, options: AcceptOptions): Promise<Session> {
  const channel = new PacketChannel(socket.setNoDelay(true));
  const timer = setTimeout(() => {
    channel.destroy(
      new ProtocolError('the client did not log in in time', { code: 'PROTOCOL_LOGIN_TIMEOUT' }),
    );
  }, options.loginTimeoutMs ?? LOGIN_TIMEOUT_MS);
  try {
    return await new Reception(channel, options).run();
  } catch (error) {
    if (!channel.socket.destroyed) {
      channel.flush();
      channel.socket.on('error', () => undefined).end(() => channel.socket.destroy());
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The steps of one reception. */
class Reception {
  readonly #channel: PacketChannel;
  readonly #options: AcceptOptions;
  readonly #greeted: AuthPlugin;
  readonly #scramble: Buffer;
  readonly #challenge: Challenge;
  #secured: SecuredClient | undefined;

  constructor(channel: PacketChannel, options: AcceptOptions) {
    this.#channel = channel;
    this.#options = options;
    const plugin = options.defaultPlugin === undefined ? DEFAULT_PLUGIN : authPlugin(options.defaultPlugin);
    if (plugin?.nonceLength !== 20) throw new UsageError(`no plugin to greet with: ${options.defaultPlugin}`);
    this.#greeted = plugin;
    this.#scramble = makeNonce(20);
    this.#challenge = new Challenge(channel, plugin, this.#scramble, options.rsaKey);
  }

  async run(): Promise<Session> {
    const channel = this.#channel;
    const offered = this.#greet();
    const response = await this.#response(offered);
    const agreed = (response.capabilities & offered) >>> 0;
    channel.agreed = { capabilities: agreed, extended: 0 };
    const applicant = this.#applicant(response);
    if (this.#options.requireSecureTransport === true && applicant.tls === undefined && !applicant.local) {
      refuse(channel, SECURE_TRANSPORT_REQUIRED);
    }
    this.#speak(response.collation);
    const account = await this.#challenge.answered(applicant, response, this.#options.verifier);
    const algorithm = has(agreed, C.COMPRESS) ? 'zlib' : has(agreed, C.ZSTD_COMPRESSION) ? 'zstd' : undefined;
    if (algorithm === 'zstd') await prepareZstd();
    channel.put(ok, { ...PLAIN_OK, info: this.#certificateProof(account) });
    channel.flush();
    // No pause between the OK and this: the next bytes of the client are compressed already.
    if (algorithm !== undefined) {
      channel.compress(algorithm, algorithm === 'zstd' ? response.zstdLevel || 3 : undefined);
    }
    channel.reader.limits = SESSION_LIMITS;
    return new Session(channel, {
      connectionId: this.#options.connectionId,
      applicant,
      capabilities: agreed,
      relogin: (command, verifier) => this.#again(command, verifier),
    });
  }

  /** COM_CHANGE_USER: the same conversation, somebody else. @throws ServerError the client is refused; the answer is put, not sent */
  async #again(command: Buffer, verifier: Verifier): Promise<Applicant> {
    const channel = this.#channel;
    const request = readPacket(changeUser, channel.agreed, command);
    const applicant = this.#applicant(request);
    this.#speak(request.collation);
    await this.#challenge.again(applicant, request, verifier);
    return applicant;
  }

  /** What the login says is in the character set it names. @throws ServerError 1231: no statement could be read in that one */
  #speak(collation: number): void {
    const charset = charsetOfCollation(collation, 'mysql')?.name ?? '';
    if (wideCharsets.has(charset)) {
      const message = `Variable 'character_set_client' can't be set to the value of '${charset}'`;
      refuse(this.#channel, { errno: 1231, sqlState: '42000', message });
    }
    this.#channel.agreed = { ...this.#channel.agreed, resultsCharset: resultsConversion(charset) };
  }

  #greet(): number {
    const { tls, compression, serverVersion, connectionId, collation = UTF8MB4_0900_AI_CI } = this.#options;
    const capabilities =
      (OFFERED |
        (tls === undefined ? 0 : C.SSL) |
        (compression === true ? C.COMPRESS | C.ZSTD_COMPRESSION : 0)) >>>
      0;
    this.#channel.put(handshake, {
      serverVersion,
      connectionId,
      scramble: this.#scramble,
      capabilities,
      extended: 0,
      collation,
      status: ServerStatus.AUTOCOMMIT,
      plugin: this.#greeted.name,
    });
    this.#channel.flush();
    return capabilities;
  }

  async #response(offered: number): Promise<HandshakeResponse> {
    const channel = this.#channel;
    await channel.next();
    if (channel.size === SSL_REQUEST_SIZE) {
      const request = channel.read(sslRequest);
      const { tls } = this.#options;
      if (tls === undefined || !has(request.capabilities & offered, C.SSL)) {
        throw new ProtocolError('the client asks for TLS that was not offered', { code: 'PROTOCOL_LOGIN' });
      }
      // What the client said in clear decides nothing: it says it again inside.
      this.#secured = await secureServer(channel.socket, tls, channel.release());
      channel.adopt(this.#secured.socket);
      await channel.next();
    }
    return channel.read(handshakeResponse);
  }

  #applicant({
    user,
    schema,
    attributes,
    collation,
  }: Pick<HandshakeResponse, 'user' | 'schema' | 'attributes' | 'collation'>): Applicant {
    const { remoteAddress: address, remotePort: port } = this.#channel.socket;
    const host = address === undefined ? 'localhost' : address.replace(/^::ffff:(?=\d)/, '');
    const tls = this.#secured?.peer;
    const place = port === undefined ? { host } : { host, port };
    return { user, ...place, schema, attributes, collation, tls, local: address === undefined };
  }

  /** MariaDB's clients (11.4 and later) accept a certificate nobody vouches for when this comes with the OK. */
  #certificateProof({ plugin, credential }: Account): Buffer {
    const certificate = this.#secured === undefined ? undefined : this.#options.tls?.certificate;
    const hash = credential === '' ? undefined : authPlugin(plugin)?.storedHash?.(credential);
    if (certificate === undefined || hash === undefined) return PLAIN_OK.info;
    return certificateProof(hash, this.#scramble, certificate);
  }
}
