import { connect as dial, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/connection/index.ts';
import { RowlockError } from '../../src/errors/index.ts';
import type { SslMode, SslOptions } from '../../src/tls/index.ts';
import { hasOpenssl, makePki, type Pki, temporaryFolder } from './authority.ts';
import { account, type Loopback, listen, listenAsServer, serverTls } from './loopback.ts';

const accounts = {
  u: account('mysql_native_password', 'secret'),
  c: account('caching_sha2_password', 'secret'),
};

/** Somebody in the middle: sees every chunk and passes on what `toClient` and `toServer` make of it. */
function between(
  port: number,
  toClient: (chunk: Buffer, count: number, client: Socket) => Buffer,
  toServer: (chunk: Buffer, count: number) => Buffer = (chunk) => chunk,
): Promise<Loopback> {
  return listen(async (client) => {
    const server = dial(port, '127.0.0.1');
    let [sent, received] = [0, 0];
    server.on('data', (chunk: Buffer) => client.write(toClient(chunk, (received += 1), client)));
    client.on('data', (chunk: Buffer) => server.write(toServer(chunk, (sent += 1))));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => undefined).on('close', () => other.destroy());
    }
  });
}

/** Clears CLIENT_SSL in a greeting. */
function withoutTls(greeting: Buffer): Buffer {
  const stripped = Buffer.from(greeting);
  // Behind the header and version 10: the version text with its NUL, 4 bytes of id, 8 of scramble, 1 filler.
  const capabilities = stripped.indexOf(0, 5) + 1 + 4 + 8 + 1;
  stripped[capabilities + 1]! &= ~0x08;
  return stripped;
}

describe.skipIf(!hasOpenssl())('somebody in the middle', () => {
  const [folder, remove] = temporaryFolder();
  let pki: Pki;
  let honest: Loopback;
  let evil: Loopback;
  const middles: Loopback[] = [];

  beforeAll(async () => {
    pki = makePki(folder);
    honest = await listenAsServer(accounts, { tls: serverTls(pki.servers.good, [pki.root.cert]) });
    evil = await listenAsServer(accounts, { tls: serverTls(pki.servers.otherCa, [pki.root.cert]) });
  });

  afterAll(async () => {
    for (const server of [honest, evil, ...middles]) await server.close();
    remove();
  });

  async function through(middle: Loopback, ssl: SslOptions, user = 'u'): Promise<string> {
    middles.push(middle);
    try {
      const connection = await connect({
        host: '127.0.0.1',
        port: middle.port,
        user,
        passwords: ['secret'],
        ssl,
      });
      await connection.query('select 1');
      await connection.close();
      return connection.tls?.verified ?? 'plain';
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret');
      return error.code;
    }
  }

  function modes(): Readonly<Record<SslMode, SslOptions>> {
    const sslCa = pki.root.cert;
    return {
      DISABLED: { sslMode: 'DISABLED' },
      PREFERRED: { sslMode: 'PREFERRED' },
      REQUIRED: { sslMode: 'REQUIRED' },
      VERIFY_CA: { sslMode: 'VERIFY_CA', sslCa },
      VERIFY_IDENTITY: { sslMode: 'VERIFY_IDENTITY', sslCa },
    };
  }

  test('who strips the offer of TLS is refused wherever TLS was asked for', async () => {
    const outcomes: string[] = [];
    for (const ssl of Object.values(modes())) {
      const strips = between(honest.port, (chunk, count) => (count === 1 ? withoutTls(chunk) : chunk));
      outcomes.push(await through(await strips, ssl));
    }
    expect(outcomes).toEqual(['plain', 'plain', 'TLS_NOT_OFFERED', 'TLS_NOT_OFFERED', 'TLS_NOT_OFFERED']);
  });

  test('what is injected before TLS is refused, in every mode', async () => {
    const okPacket = Buffer.of(7, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0);
    for (const injected of [okPacket, okPacket.subarray(0, 3), Buffer.from('x')]) {
      for (const mode of ['PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const) {
        const injects = between(honest.port, (chunk, count) =>
          count === 1 ? Buffer.concat([chunk, injected]) : chunk,
        );
        expect(await through(await injects, modes()[mode])).toMatch(
          /^(TLS_INJECTED|PROTOCOL_INJECTED|PROTOCOL_SEQUENCE)$/,
        );
      }
    }
  });

  test('who breaks the handshake does not get a plain conversation, not even in PREFERRED', async () => {
    for (const mode of ['PREFERRED', 'REQUIRED'] as const) {
      const breaks = between(honest.port, (chunk, count) =>
        count === 2 ? Buffer.from('no TLS here, go on in clear') : chunk,
      );
      expect(await through(await breaks, modes()[mode])).toBe('TLS_HANDSHAKE');
    }
    const cuts = between(honest.port, (chunk, count, client) => {
      if (count > 1) client.destroy();
      return chunk;
    });
    expect(await through(await cuts, { sslMode: 'PREFERRED' })).toBe('TLS_HANDSHAKE');
  });

  test('who shows another certificate is refused wherever a certificate is checked', async () => {
    const outcomes: string[] = [];
    for (const ssl of Object.values(modes())) {
      outcomes.push(await through(await between(evil.port, (chunk) => chunk), ssl));
    }
    const refused = 'TLS_UNABLE_TO_VERIFY_LEAF_SIGNATURE';
    expect(outcomes).toEqual(['plain', 'none', 'none', refused, refused]);
  });

  test('who greets with a plugin that gives passwords away gets nothing before TLS or without it', async () => {
    const greets = (plugin: string) =>
      between(honest.port, (chunk, count) => {
        if (count > 1) return chunk;
        const start = chunk.lastIndexOf('caching_sha2_password');
        const body = Buffer.concat([chunk.subarray(4, start), Buffer.from(`${plugin}\0`)]);
        return Buffer.concat([Buffer.of(body.length & 255, body.length >> 8, 0, 0), body]);
      });
    const seen: Buffer[] = [];
    for (const plugin of ['mysql_clear_password', 'sha256_password', 'dialog']) {
      const middle = await greets(plugin);
      const watch = await between(
        middle.port,
        (chunk) => chunk,
        (chunk) => (seen.push(chunk), chunk),
      );
      middles.push(middle);
      await through(watch, { sslMode: 'DISABLED' }, 'c');
    }
    expect(Buffer.concat(seen).includes('secret')).toBe(false);
    expect(seen.length).toBeGreaterThan(0);
  });

  test.each(['mysql_native_password', 'client_ed25519', 'parsec'])(
    '%s proves a self-signed certificate, and shows who puts another in its place',
    async (plugin) => {
      const known = account(plugin, 'secret');
      const honestSelf = await listenAsServer({ u: known }, { tls: serverTls(pki.servers.selfSigned) });
      expect(await through(honestSelf, { dialect: 'mariadb' })).toBe('password');
      // Somebody who knows everything but the stored password: accepts any, proves nothing.
      const tls = serverTls(pki.servers.selfSigned);
      const { certificate: _, ...mute } = tls;
      expect(await through(await listenAsServer({ u: known }, { tls: mute }), { dialect: 'mariadb' })).toBe(
        'TLS_UNPROVED',
      );
      const relays = { ...tls, certificate: serverTls(pki.servers.good).certificate! };
      expect(await through(await listenAsServer({ u: known }, { tls: relays }), { dialect: 'mariadb' })).toBe(
        'TLS_UNPROVED',
      );
    },
  );

  test('a plugin that cannot prove the certificate sends nothing to a server with a self-signed one', async () => {
    const clear = await listenAsServer(
      { u: account('mysql_clear_password', 'secret') },
      { tls: serverTls(pki.servers.selfSigned) },
    );
    expect(await through(clear, { dialect: 'mariadb' })).toBe('TLS_UNPROVED');
    expect(['CONNECTION_CLOSED', 'TLS_CLIENT_REFUSED']).toContain(
      ((await clear.failed) as RowlockError).code,
    );
  });

  test('a certificate that expired or was revoked cannot be proved by a password', async () => {
    const expired = await listenAsServer(accounts, { tls: serverTls(pki.servers.expired) });
    expect(await through(expired, { dialect: 'mariadb', sslCa: pki.root.cert })).toBe('TLS_CERT_HAS_EXPIRED');
  });
});
