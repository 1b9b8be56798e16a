import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { ProtocolError, SecurityError } from '../../errors/index.ts';
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './ed25519-curve.ts';
import { authPlugin, type ClientContext, makeNonce, type ServerContext } from './index.ts';

const { privateKey: rsaKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

const names = [
  'caching_sha2_password',
  'mysql_native_password',
  'sha256_password',
  'mysql_clear_password',
  'client_ed25519',
  'parsec',
] as const;

interface Talk {
  readonly accepted: boolean;
  readonly words: Buffer[];
}

/** Both halves of a plugin talk until there is a verdict. */
function talk(name: string, client: Partial<ClientContext>, server: Partial<ServerContext>): Talk {
  const plugin = authPlugin(name)!;
  const nonce = makeNonce(plugin.nonceLength);
  const secure = client.secure ?? true;
  const asking = plugin.client({
    password: Buffer.alloc(0),
    secure,
    encrypted: secure,
    getServerPublicKey: false,
    enableCleartextPlugin: true,
    ...client,
  });
  const judging = plugin.server({ credential: '', secure, encrypted: secure, rsaKey, ...server }, nonce);
  const words: Buffer[] = [];
  let data = Buffer.concat([nonce, Buffer.of(0)]);
  for (let turn = 0; turn < 5; turn += 1) {
    const answer = asking.answer(data);
    if (answer === undefined) return { accepted: true, words };
    words.push(answer);
    const step = judging.receive(answer);
    if (step.accepted !== undefined) return { accepted: step.accepted, words };
    data = step.send! as Buffer<ArrayBuffer>;
  }
  throw new Error('no verdict');
}

test.each(names)('%s accepts the right password and no other, over a secure channel', (name) => {
  const password = Buffer.from('Gehe1m! längere Phrase mit Umlauten und mehr als 32 Bytes');
  const credential = authPlugin(name)!.credential(password);
  expect(talk(name, { password }, { credential }).accepted).toBe(true);
  expect(talk(name, { password: Buffer.from('other') }, { credential }).accepted).toBe(false);
  expect(talk(name, {}, { credential }).accepted).toBe(false);
});

test.each(names)('%s treats an empty stored value as no password', (name) => {
  const credential = authPlugin(name)!.credential(Buffer.alloc(0));
  expect(talk(name, {}, { credential }).accepted).toBe(true);
  expect(talk(name, { password: Buffer.from('x') }, { credential }).accepted).toBe(false);
});

test.each(names)('%s refuses garbage', (name) => {
  const plugin = authPlugin(name)!;
  const credential = plugin.credential(Buffer.from('secret'));
  for (const size of [0, 1, 20, 32, 64, 96, 256]) {
    const judging = plugin.server(
      { credential, secure: false, encrypted: false, rsaKey },
      makeNonce(plugin.nonceLength),
    );
    expect(judging.receive(Buffer.alloc(size, 7)).accepted).not.toBe(true);
    expect(
      plugin
        .server({ credential: 'nonsense', secure: true, encrypted: true }, Buffer.alloc(32))
        .receive(Buffer.alloc(size)).accepted,
    ).not.toBe(true);
  }
});

test('values stored by real servers are matched', () => {
  const stored: Record<string, [string, string]> = {
    caching_sha2_password: [
      'pässword1',
      Buffer.from(
        '24412430304124296246194a4e6f0821296e606223716a70482614627951644d6b577653574b4878733344617a366f4d7a696d776e792f38794a7531745a565830707955312e',
        'hex',
      ).toString('latin1'),
    ],
    sha256_password: [
      'secret1',
      Buffer.from(
        '2435243a5d27310b746a202b1a1d724717414c7c36507324556446534c7a57457a487a6452457978416433534e6c62556f4375493865617545666451777a4f576e452f',
        'hex',
      ).toString('latin1'),
    ],
    mysql_native_password: ['secret1', '*7C67218EF7410F248763DC99AEDC705367393C4A'],
    client_ed25519: ['secret1', 'ufYMbgQwMEBcrJerSMpOTf1jLgveXUaoIyvaeGaeg3I'],
    parsec: ['secret1', 'P0:WNR+0Q4bBTCxK9HJWFEH0ghK:Iyin0RhGCEEYyq9FuxtuH0y17edFI2+S/jafPZuaU/E'],
  };
  for (const [name, [password, credential]] of Object.entries(stored)) {
    expect([name, talk(name, { password: Buffer.from(password) }, { credential }).accepted]).toEqual([
      name,
      true,
    ]);
    expect(talk(name, { password: Buffer.from('secret2') }, { credential }).accepted).toBe(false);
  }
});

test.each(['caching_sha2_password', 'sha256_password'])(
  '%s protects the password by RSA without TLS',
  (name) => {
    const password = Buffer.from('secret');
    const credential = authPlugin(name)!.credential(password);
    const asked = talk(
      name,
      { password, secure: false, encrypted: false, getServerPublicKey: true },
      { credential },
    );
    expect(asked.accepted).toBe(true);
    const known = talk(
      name,
      { password, secure: false, encrypted: false, serverPublicKey: publicPem },
      { credential },
    );
    expect(known.accepted).toBe(true);
    expect(known.words.length).toBeLessThan(asked.words.length);
    for (const word of [...asked.words, ...known.words]) expect(word.includes(password)).toBe(false);
    const wrong = talk(
      name,
      { password: Buffer.from('wrong'), secure: false, encrypted: false, serverPublicKey: publicPem },
      { credential },
    );
    expect(wrong.accepted).toBe(false);
  },
);

test('caching_sha2_password refuses to send the password where it could be read', () => {
  const password = Buffer.from('secret');
  const credential = authPlugin('caching_sha2_password')!.credential(password);
  expect(() =>
    talk('caching_sha2_password', { password, secure: false, encrypted: false }, { credential }),
  ).toThrow(/Authentication requires secure connection/);
});

test('caching_sha2_password remembers a full login and then needs no password', () => {
  const password = Buffer.from('secret');
  const credential = authPlugin('caching_sha2_password')!.credential(password);
  const cache: { digest: Buffer | undefined } = { digest: undefined };
  expect(talk('caching_sha2_password', { password }, { credential, cache }).words.length).toBe(2);
  const once = createHash('sha256').update(password).digest();
  expect(cache.digest).toEqual(createHash('sha256').update(once).digest());
  const again = talk(
    'caching_sha2_password',
    { password, secure: false, encrypted: false },
    { credential, cache },
  );
  expect(again).toMatchObject({ accepted: true });
  expect(again.words.length).toBe(1);
  expect(() =>
    talk(
      'caching_sha2_password',
      { password: Buffer.from('no'), secure: false, encrypted: false },
      { credential, cache },
    ),
  ).toThrow(SecurityError);
});

test('a key that is no key is refused', () => {
  const asking = authPlugin('sha256_password')!.client({
    password: Buffer.from('secret'),
    secure: false,
    encrypted: false,
    getServerPublicKey: true,
    enableCleartextPlugin: false,
  });
  asking.answer(Buffer.alloc(21));
  expect(() => asking.answer(Buffer.from('-----BEGIN NONSENSE-----'))).toThrow(ProtocolError);
});

test('mysql_clear_password says nothing unless it is switched on and nobody listens', () => {
  const password = Buffer.from('secret');
  expect(() => talk('mysql_clear_password', { password, enableCleartextPlugin: false }, {})).toThrow(
    /plugin not enabled/,
  );
  expect(() => talk('mysql_clear_password', { password, secure: false, encrypted: false }, {})).toThrow(
    /requires secure connection/,
  );
});

test('parsec refuses a server that asks for more rounds than the plugin knows', () => {
  const asking = authPlugin('parsec')!.client({
    password: Buffer.from('secret'),
    secure: true,
    encrypted: true,
    getServerPublicKey: false,
    enableCleartextPlugin: false,
  });
  asking.answer(Buffer.alloc(32));
  expect(() => asking.answer(Buffer.concat([Buffer.of(0x50, 4), Buffer.alloc(18)]))).toThrow(ProtocolError);
});

test('a 32-byte secret gives the keys and signatures of RFC 8032', () => {
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
  const key = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  expect(ed25519PublicKey(seed).toString('hex')).toBe(key);
  expect(ed25519Sign(seed, Buffer.alloc(0)).toString('hex')).toBe(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  const message = Buffer.from('changed');
  const signature = ed25519Sign(seed, message);
  expect(ed25519Verify(Buffer.from(key, 'hex'), message, signature)).toBe(true);
  signature[40]! ^= 1;
  expect(ed25519Verify(Buffer.from(key, 'hex'), message, signature)).toBe(false);
});

test('sha256_password gives the password to no key but the one that was given, or asked for', () => {
  const plugin = authPlugin('sha256_password')!;
  const begin = (context: Partial<ClientContext>) => {
    const asking = plugin.client({
      password: Buffer.from('secret'),
      secure: false,
      encrypted: false,
      getServerPublicKey: false,
      enableCleartextPlugin: false,
      ...context,
    });
    asking.answer(Buffer.alloc(21, 7));
    return asking;
  };
  const strangers = Buffer.from(publicPem);
  expect(() => begin({ serverPublicKey: publicPem }).answer(strangers)).toThrow(ProtocolError);
  expect(() => begin({ encrypted: true, secure: true }).answer(strangers)).toThrow(ProtocolError);
  expect(() => begin({ password: Buffer.alloc(0) }).answer(strangers)).toThrow(ProtocolError);
  const asked = begin({});
  expect(asked.answer(strangers)).toHaveLength(256);
  expect(() => asked.answer(strangers)).toThrow(ProtocolError);
});

test.each(['caching_sha2_password', 'sha256_password', 'mysql_clear_password'])(
  '%s hashes no password that is longer than the servers take',
  (name) => {
    const plugin = authPlugin(name)!;
    for (const [length, accepted] of [
      [256, true],
      [257, false],
    ] as const) {
      const password = Buffer.alloc(length, 'a');
      const judging = plugin.server(
        { credential: plugin.credential(password), secure: true, encrypted: true },
        makeNonce(20),
      );
      // The scramble of an account that is not remembered: the password itself is asked for.
      if (name === 'caching_sha2_password') judging.receive(Buffer.alloc(32, 7));
      const said = judging.receive(Buffer.concat([password, Buffer.of(0)]));
      expect(said.accepted).toBe(accepted);
    }
  },
);
