import { type KeyObject, randomBytes } from 'node:crypto';
import { ServerError } from '../../errors/index.ts';
import {
  type AuthPlugin,
  authMoreData,
  authPlugin,
  authSwitch,
  err,
  type HandshakeResponse,
  makeNonce,
} from '../../wire/index.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';
import { type Account, type Applicant, accessDenied, type Refusal, type Verifier } from './account.ts';

/** More turns than any plugin needs. */
const MAX_TURNS = 8;

const decoys = new Map<AuthPlugin, string>();

/** The password nobody has. Made once: making one takes as long as checking it, which would tell unknown names by the time they take. */
function decoyOf(plugin: AuthPlugin): string {
  const decoy = decoys.get(plugin) ?? plugin.credential(randomBytes(20));
  decoys.set(plugin, decoy);
  return decoy;
}

/** What a client answers a challenge with. */
export type Answer = Pick<HandshakeResponse, 'plugin' | 'authData'>;

/**
 * The server's half of proving who somebody is: challenges the client by the plugin of its account, and holds the answers against the
 * verifier. A name that nobody has is asked as if somebody had it.
 */
export class Challenge {
  readonly #channel: PacketChannel;
  readonly #greeted: AuthPlugin;
  readonly #scramble: Buffer;
  readonly #rsaKey: KeyObject | undefined;
  #usedPassword = false;

  /** @param scramble what the greeting challenged with, for `greeted` */
  constructor(channel: PacketChannel, greeted: AuthPlugin, scramble: Buffer, rsaKey: KeyObject | undefined) {
    this.#channel = channel;
    this.#greeted = greeted;
    this.#scramble = scramble;
    this.#rsaKey = rsaKey;
  }

  /** The client's first answer, to the greeting. @throws ServerError it is refused; the answer is put, not sent */
  answered(applicant: Applicant, response: Answer, verifier: Verifier): Promise<Account> {
    return this.#verdict(applicant, response, verifier, true);
  }

  /** As somebody else, later in the same conversation. @throws as {@link answered} */
  again(applicant: Applicant, response: Answer, verifier: Verifier): Promise<Account> {
    this.#usedPassword = false;
    return this.#verdict(applicant, response, verifier, false);
  }

  async #verdict(
    applicant: Applicant,
    response: Answer,
    verifier: Verifier,
    greeted: boolean,
  ): Promise<Account> {
    const account = await verifier.account(applicant);
    const plugin = authPlugin(account?.plugin ?? this.#greeted.name) ?? this.#greeted;
    const right = await this.#converse(plugin, account, applicant, response, greeted);
    const denied = accessDenied(applicant, this.#usedPassword);
    if (!right || account === undefined) refuse(this.#channel, denied);
    const verdict = (await verifier.admit?.(applicant)) ?? true;
    if (verdict !== true) refuse(this.#channel, verdict === 'denied' ? denied : verdict);
    return account;
  }

  async #converse(
    plugin: AuthPlugin,
    account: Account | undefined,
    applicant: Applicant,
    response: Answer,
    greeted: boolean,
  ): Promise<boolean> {
    const channel = this.#channel;
    // A later login never answers the greeting: its challenge has been used.
    const direct = greeted && plugin === this.#greeted && response.plugin === plugin.name;
    const nonce = direct ? this.#scramble : makeNonce(plugin.nonceLength);
    const rsaKey = this.#rsaKey;
    const conversation = plugin.server(
      {
        // An unknown name is held against a password nobody has, so that it answers like a known one.
        credential: account?.credential ?? decoyOf(plugin),
        secure: applicant.tls !== undefined || applicant.local,
        encrypted: applicant.tls !== undefined,
        ...(rsaKey === undefined ? {} : { rsaKey }),
        ...(account?.cache === undefined ? {} : { cache: account.cache }),
      },
      nonce,
    );
    let data = response.authData;
    if (!direct) {
      // The old plugins expect a closing NUL behind their scramble, MariaDB's newer ones exactly their 32 bytes.
      const challenge = nonce.length === 20 ? Buffer.concat([nonce, Buffer.of(0)]) : nonce;
      channel.put(authSwitch, { plugin: plugin.name, data: challenge });
      data = await this.#hear();
    }
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      if (data.length > 1 || (data.length === 1 && data[0] !== 0)) this.#usedPassword = true;
      const { send, accepted } = conversation.receive(data);
      if (send !== undefined) channel.put(authMoreData, { data: send });
      if (accepted !== undefined) return accepted;
      data = await this.#hear();
    }
    return false;
  }

  async #hear(): Promise<Buffer> {
    this.#channel.flush();
    await this.#channel.next();
    return this.#channel.copy();
  }
}

/** Puts the refusal, and throws it. */
export function refuse(channel: PacketChannel, refusal: Refusal): never {
  channel.put(err, refusal);
  throw new ServerError(refusal.errno, refusal.sqlState, refusal.message);
}
