import { createPublicKey } from 'node:crypto';
import { ProtocolError, SecurityError } from '../../errors/index.ts';
import { digest, makeNonce, sameSecret, xor } from './digest.ts';
import {
  type AuthPlugin,
  type ClientContext,
  nonceOf,
  type ServerContext,
  type ServerStep,
} from './plugin.ts';
import { decryptPassword, encryptPassword, MAX_PASSWORD, withNul, withoutNul } from './rsa.ts';
import { sha256Crypt } from './sha256-crypt.ts';

const NONCE = 20;
const DIGEST = 32;
const NOTHING: Buffer = Buffer.alloc(0);

/** The words of the exchange (`sql-common/client_authentication.cc` names them so). */
const REQUEST_PUBLIC_KEY = 2;
const FAST_AUTH_SUCCESS = 3;
const PERFORM_FULL_AUTHENTICATION = 4;

/** CR_AUTH_PLUGIN_ERR */
const AUTH_PLUGIN_ERR = 2061;

/**
 * First SHA256(password) XOR SHA256(SHA256(SHA256(password)), nonce). Where the server remembers the account, that is all (`03`).
 * Otherwise (`04`) it needs the password itself: as it is where nobody listens, under the server's RSA key elsewhere.
 *
 * The server keeps `$A$`, three hexadecimal digits (thousands of rounds), `$`, 20 bytes of salt, 43 of SHA-256 crypt.
 */
export const cachingSha2Password: AuthPlugin = {
  name: 'caching_sha2_password',
  nonceLength: NONCE,
  answersGreeting: true,
  maxPassword: MAX_PASSWORD,
  client(context) {
    const { password } = context;
    let nonce = NOTHING;
    let state: 'challenge' | 'verdict' | 'key' = 'challenge';
    return {
      answer(data) {
        if (state === 'challenge') {
          state = 'verdict';
          nonce = nonceOf(data, NONCE);
          if (password.length === 0) return NOTHING;
          const once = digest('sha256', password);
          return xor(once, digest('sha256', digest('sha256', once), nonce));
        }
        if (state === 'key') {
          state = 'verdict';
          return encryptPassword(password, nonce, data.toString('latin1'));
        }
        if (data.length === 1 && data[0] === FAST_AUTH_SUCCESS) return undefined;
        if (data.length !== 1 || data[0] !== PERFORM_FULL_AUTHENTICATION) {
          throw new ProtocolError(`unexpected word of ${data.length} bytes in caching_sha2_password`, {
            code: 'PROTOCOL_AUTH',
          });
        }
        const answer = fullAnswer(context, nonce);
        if (answer.length === 1 && answer[0] === REQUEST_PUBLIC_KEY && !context.secure) state = 'key';
        return answer;
      },
    };
  },
  server(context, nonce) {
    let state: 'scramble' | 'full' | 'encrypted' = 'scramble';
    return {
      receive(data) {
        if (state === 'scramble') {
          // The client library says "no password" by a NUL.
          const isNone = data.length === 0 || (data.length === 1 && data[0] === 0);
          if (context.credential === '' || isNone) return { accepted: context.credential === '' && isNone };
          const remembered = context.cache?.digest;
          if (remembered !== undefined && data.length === DIGEST) {
            const once = xor(data, digest('sha256', remembered, nonce));
            if (sameSecret(digest('sha256', once), remembered)) {
              return { send: Buffer.of(FAST_AUTH_SUCCESS), accepted: true };
            }
          }
          state = 'full';
          return { send: Buffer.of(PERFORM_FULL_AUTHENTICATION) };
        }
        return receiveFull(context, nonce, data, state, () => {
          state = 'encrypted';
        });
      },
    };
  },
  credential(password) {
    if (password.length === 0) return '';
    const salt = makeNonce(NONCE);
    return `$A$005$${salt.toString('latin1')}${sha256Crypt(password, salt, 5000)}`;
  },
};

function fullAnswer(context: ClientContext, nonce: Buffer): Buffer {
  if (context.secure) return withNul(context.password);
  if (context.serverPublicKey !== undefined)
    return encryptPassword(context.password, nonce, context.serverPublicKey);
  if (context.getServerPublicKey) return Buffer.of(REQUEST_PUBLIC_KEY);
  throw new SecurityError(
    AUTH_PLUGIN_ERR,
    "Authentication plugin 'caching_sha2_password' reported error: Authentication requires secure connection.",
    {
      code: 'AUTH_NEEDS_TLS',
      hint: 'The server does not remember this account and needs the password itself: use TLS (--ssl-mode=REQUIRED), give its RSA key (--server-public-key-path), or trust the key it sends (--get-server-public-key).',
    },
  );
}

function receiveFull(
  context: ServerContext,
  nonce: Buffer,
  data: Buffer,
  state: 'full' | 'encrypted',
  expectEncrypted: () => void,
): ServerStep {
  if (context.secure) return judge(context, withoutNul(data));
  if (context.rsaKey === undefined) return { accepted: false };
  if (state === 'full' && data.length === 1 && data[0] === REQUEST_PUBLIC_KEY) {
    expectEncrypted();
    const pem = createPublicKey(context.rsaKey).export({ type: 'spki', format: 'pem' });
    return { send: Buffer.from(pem) };
  }
  const password = decryptPassword(data, nonce, context.rsaKey);
  return judge(context, password === undefined ? undefined : withoutNul(password));
}

function judge(context: ServerContext, password: Buffer | undefined): ServerStep {
  if (password === undefined || !matches(context.credential, password)) return { accepted: false };
  if (context.cache !== undefined) context.cache.digest = digest('sha256', digest('sha256', password));
  return { accepted: true };
}

function matches(credential: string, password: Buffer): boolean {
  const parts = /^\$A\$([0-9A-Fa-f]{3})\$([\s\S]{20})([./0-9A-Za-z]{43})$/.exec(credential);
  if (parts === null) return false;
  const made = sha256Crypt(password, Buffer.from(parts[2]!, 'latin1'), Number.parseInt(parts[1]!, 16) * 1000);
  return sameSecret(Buffer.from(made), Buffer.from(parts[3]!));
}
