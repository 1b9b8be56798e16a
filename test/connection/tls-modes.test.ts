import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/connection/index.ts';
import { RowlockError } from '../../src/errors/index.ts';
import { SSL_MODES, type SslOptions, sessionText } from '../../src/tls/index.ts';
import { hasOpenssl, makePki, openssl, type Pki, read, temporaryFolder } from './authority.ts';
import { account, type Loopback, listenAsServer, serverTls } from './loopback.ts';

const accounts = { u: account('mysql_native_password', 'secret') };

describe.skipIf(!hasOpenssl())('TLS modes against a server of our own', () => {
  const [folder, remove] = temporaryFolder();
  let pki: Pki;
  const servers: Record<string, Loopback> = {};

  beforeAll(async () => {
    pki = makePki(folder);
    for (const [name, issued] of Object.entries(pki.servers)) {
      servers[name] = await listenAsServer(accounts, { tls: serverTls(issued, [pki.root.cert]) });
    }
    servers['plain'] = await listenAsServer(accounts);
  });

  afterAll(async () => {
    for (const server of Object.values(servers)) await server.close();
    remove();
  });

  /** `none`, `ca` or `identity` as verified, `plain`, or the code of the error. */
  async function outcome(server: string, ssl: SslOptions, host = '127.0.0.1'): Promise<string> {
    try {
      const connection = await connect({
        host,
        port: servers[server]!.port,
        user: 'u',
        passwords: ['secret'],
        ssl,
      });
      await connection.query('select 1');
      await connection.close();
      return connection.tls?.verified ?? 'plain';
    } catch (error) {
      if (error instanceof RowlockError) return error.code;
      throw error;
    }
  }

  async function failure(server: string, ssl: SslOptions, host = '127.0.0.1'): Promise<RowlockError> {
    const error: unknown = await connect({
      host,
      port: servers[server]!.port,
      user: 'u',
      passwords: ['secret'],
      ssl,
    }).then(
      () => new Error('connected'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof RowlockError)) throw error;
    return error;
  }

  test('each mode against each certificate', async () => {
    const table: Record<string, string[]> = {};
    for (const server of Object.keys(servers)) {
      const row: string[] = [];
      for (const sslMode of SSL_MODES) {
        const sslCa = sslMode.startsWith('VERIFY') ? { sslCa: pki.root.cert } : {};
        row.push(await outcome(server, { sslMode, ...sslCa }, 'localhost'));
      }
      table[server] = row;
    }
    const good = ['plain', 'none', 'none', 'ca', 'identity'];
    const misnamed = ['plain', 'none', 'none', 'ca', 'TLS_HOSTNAME_MISMATCH'];
    const bad = (code: string): string[] => ['plain', 'none', 'none', code, code];
    expect(table).toEqual({
      good,
      expired: bad('TLS_CERT_HAS_EXPIRED'),
      future: bad('TLS_CERT_NOT_YET_VALID'),
      otherCa: bad('TLS_UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      namesakeCa: bad('TLS_UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      chain: good,
      selfSigned: bad('TLS_DEPTH_ZERO_SELF_SIGNED_CERT'),
      wrongName: misnamed,
      sanDns: good,
      sanIp: misnamed,
      cnOnly: good,
      cnIp: misnamed,
      revoked: good,
      wildcard: misnamed,
      plain: ['plain', 'plain', 'TLS_NOT_OFFERED', 'TLS_NOT_OFFERED', 'TLS_NOT_OFFERED'],
    });
  });

  test('an address is looked for among addresses, and never as a name', async () => {
    const ssl: SslOptions = { sslMode: 'VERIFY_IDENTITY', sslCa: pki.root.cert };
    expect(await outcome('sanIp', ssl)).toBe('identity');
    expect(await outcome('cnIp', ssl)).toBe('TLS_HOSTNAME_MISMATCH');
    expect((await failure('cnIp', ssl)).hint).toContain(
      "has '127.0.0.1' as a name: an address counts only as an IP address in subjectAltName",
    );
    expect(await outcome('sanDns', ssl)).toBe('TLS_HOSTNAME_MISMATCH');
    expect(await outcome('cnOnly', ssl)).toBe('TLS_HOSTNAME_MISMATCH');
  });

  test('an authority without a mode means VERIFY_CA; below that it is not used, and a warning says so', async () => {
    expect(await outcome('good', { sslCa: pki.root.cert })).toBe('ca');
    expect(await outcome('wrongName', { sslCa: pki.root.cert })).toBe('ca');
    expect(await outcome('plain', { sslCa: pki.root.cert })).toBe('TLS_NOT_OFFERED');
    expect(await outcome('otherCa', { sslMode: 'REQUIRED', sslCa: pki.root.cert })).toBe('none');
    expect(await outcome('good', { sslMode: 'VERIFY_CA' })).toBe('TLS_CA_REQUIRED');
  });

  test('folders of hashed names are searched as OpenSSL does', async () => {
    const hashed = join(folder, 'hashed');
    mkdirSync(hashed);
    const hash = openssl(folder, ['x509', '-hash', '-noout', '-in', pki.root.cert]).trim();
    copyFileSync(pki.root.cert, join(hashed, 'root.pem'));
    expect(await outcome('good', { sslCapath: hashed })).toBe('TLS_SELF_SIGNED_CERT_IN_CHAIN');
    // Numbers begin at 0 and have no gaps.
    for (const number of ['1', '00']) copyFileSync(pki.root.cert, join(hashed, `${hash}.${number}`));
    expect(await outcome('good', { sslCapath: hashed })).toBe('TLS_SELF_SIGNED_CERT_IN_CHAIN');
    copyFileSync(pki.root.cert, join(hashed, `${hash}.0`));
    expect(await outcome('good', { sslCapath: hashed })).toBe('ca');
    expect(await outcome('good', { sslCapath: join(folder, 'absent') })).toBe(
      'TLS_SELF_SIGNED_CERT_IN_CHAIN',
    );
    // Revocation lists, in the same way.
    expect(await outcome('good', { sslCapath: hashed, sslCrlpath: hashed })).toBe('TLS_UNABLE_TO_GET_CRL');
    copyFileSync(pki.crl, join(hashed, `${hash}.r0`));
    expect(await outcome('good', { sslCapath: hashed, sslCrlpath: hashed })).toBe('ca');
    expect(await outcome('revoked', { sslCapath: hashed, sslCrlpath: hashed })).toBe('TLS_CERT_REVOKED');
  });

  test('every list in a bundle of revocation lists counts', async () => {
    const sslCa = pki.root.cert;
    expect(await outcome('revoked', { sslCa, sslCrl: pki.crl })).toBe('TLS_CERT_REVOKED');
    expect(await outcome('good', { sslCa, sslCrl: pki.crl })).toBe('ca');
    expect(await outcome('chain', { sslCa, sslCrl: pki.crl })).toBe('TLS_UNABLE_TO_GET_CRL');
    const bundle = join(folder, 'bundle.pem');
    writeFileSync(bundle, '');
    for (const list of [pki.middleCrl, pki.crl]) appendFileSync(bundle, read(list));
    expect(await outcome('chain', { sslCa, sslCrl: bundle })).toBe('ca');
    expect(await outcome('revoked', { sslCa, sslCrl: bundle })).toBe('TLS_CERT_REVOKED');
  });

  test.each([
    [
      'an absent authority',
      (): SslOptions => ({ sslCa: '/absent.pem' }),
      'TLS_CA_UNREADABLE',
      'SSL_CTX_set_default_verify_paths failed',
    ],
    [
      'an authority that is none',
      (): SslOptions => ({ sslCa: pki.root.key }),
      'TLS_CA_UNREADABLE',
      'SSL_CTX_set_default_verify_paths failed',
    ],
    [
      'an absent revocation list',
      (): SslOptions => ({ sslCa: pki.root.cert, sslCrl: '/absent.pem' }),
      'TLS_CA_UNREADABLE',
      'SSL_CTX_set_default_verify_paths failed',
    ],
    [
      'an absent certificate',
      (): SslOptions => ({ sslCert: '/absent.pem' }),
      'TLS_CERT_UNREADABLE',
      'Unable to get certificate',
    ],
    [
      'a certificate without its key',
      (): SslOptions => ({ sslCert: pki.clients.alice.cert }),
      'TLS_KEY_UNREADABLE',
      'Unable to get private key',
    ],
    [
      'a key of another certificate',
      (): SslOptions => ({ sslCert: pki.clients.alice.cert, sslKey: pki.clients.bob.key }),
      'TLS_KEY_MISMATCH',
      'Unable to get private key',
    ],
    [
      'a key of another kind than the certificate',
      (): SslOptions => {
        const sslKey = join(folder, 'other-kind.pem');
        const { privateKey } = generateKeyPairSync('ed25519');
        writeFileSync(sslKey, privateKey.export({ type: 'pkcs8', format: 'pem' }));
        return { sslCert: pki.clients.alice.cert, sslKey };
      },
      'TLS_KEY_KIND',
      'Private key does not match the certificate public key',
    ],
    [
      'an unknown cipher',
      (): SslOptions => ({ sslCipher: 'NONSENSE' }),
      'TLS_CIPHERS',
      'Failed to set ciphers to use',
    ],
    [
      'an unknown suite',
      (): SslOptions => ({ tlsCiphersuites: 'TLS_NONSENSE' }),
      'TLS_CIPHERS',
      'Failed to set ciphers to use',
    ],
    [
      'no suite for TLS 1.3 alone',
      (): SslOptions => ({ tlsCiphersuites: '', tlsVersion: 'TLSv1.3' }),
      'TLS_CIPHERS',
      'error:0A0000B5:SSL routines::no ciphers available',
    ],
    [
      'an old version',
      (): SslOptions => ({ tlsVersion: 'TLSv1.1' }),
      'TLS_VERSION',
      'TLS version is invalid',
    ],
    ['no version', (): SslOptions => ({ tlsVersion: '' }), 'TLS_VERSION', 'TLS version is invalid'],
    [
      'an empty server name',
      (): SslOptions => ({ tlsSniServername: '' }),
      'TLS_SERVERNAME',
      'error:0A00013F:SSL routines::ssl3 ext invalid servername',
    ],
  ])('%s is named in the words of the client library', async (_, ssl, code, text) => {
    const error = await failure('good', ssl());
    expect([error.code, error.message]).toEqual([code, `SSL connection error: ${text}`]);
  });

  test('versions and ciphers are what was asked for', async () => {
    const facts = async (ssl: SslOptions) => {
      const connection = await connect({
        host: '127.0.0.1',
        port: servers['good']!.port,
        user: 'u',
        passwords: ['secret'],
        ssl,
      });
      await connection.close();
      return [connection.tls?.protocol, connection.tls?.cipher];
    };
    expect(await facts({ tlsVersion: 'TLSv1.2', sslCipher: 'ECDHE-ECDSA-AES256-GCM-SHA384' })).toEqual([
      'TLSv1.2',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
    ]);
    expect(await facts({ tlsCiphersuites: 'TLS_CHACHA20_POLY1305_SHA256' })).toEqual([
      'TLSv1.3',
      'TLS_CHACHA20_POLY1305_SHA256',
    ]);
    await expect(facts({ tlsCiphersuites: '' })).rejects.toThrow('no ciphers available');
    expect((await facts({ tlsCiphersuites: '', tlsVersion: 'TLSv1.2' }))[0]).toBe('TLSv1.2');
  });

  test('an encrypted key asks for its passphrase', async () => {
    const encrypted = join(folder, 'encrypted.pem');
    openssl(folder, [
      'pkcs8',
      '-topk8',
      '-in',
      pki.clients.alice.key,
      '-out',
      encrypted,
      '-passout',
      'pass:Sesam',
    ]);
    const ssl = { sslCert: pki.clients.alice.cert, sslKey: encrypted };
    const asked: string[] = [];
    const passphrase = (word: string | undefined) => async (file: string) => {
      asked.push(file);
      return word;
    };
    expect(await outcome('good', { ...ssl, passphrase: passphrase('Sesam') })).toBe('none');
    expect(asked).toEqual([encrypted]);
    for (const word of ['wrong', undefined]) {
      const error = await failure('good', { ...ssl, passphrase: passphrase(word) });
      expect(error.code).toBe('TLS_KEY_UNREADABLE');
      expect(JSON.stringify([error.message, error.hint])).not.toContain('wrong');
    }
    expect(await outcome('good', ssl)).toBe('TLS_KEY_UNREADABLE');
  });

  test('a client certificate of an authority the server does not know is refused, and both ends can say why', async () => {
    const { cert, key } = pki.clients.stranger;
    const late = await failure('good', { sslCert: cert, sslKey: key, tlsVersion: 'TLSv1.3' });
    expect(late.message).toBe(
      "Lost connection to MySQL server at 'sending authentication information', system error: 32",
    );
    const early = await failure('good', { sslCert: cert, sslKey: key, tlsVersion: 'TLSv1.2' });
    expect(early.message).toMatch(/^SSL connection error: /);
    for (const { hint } of [late, early]) {
      expect(hint).toContain(
        "may have refused the client certificate '/O=Feat/CN=alice', issued by '/O=Elsewhere/CN=Stranger'",
      );
    }
    const told = servers['good']!.failures.at(-1) as RowlockError;
    expect(told.code).toBe('TLS_CLIENT_REFUSED');
    expect(told.hint).toContain("issued by '/O=Elsewhere/CN=Stranger'");
    const { alice } = pki.clients;
    expect(await outcome('good', { sslCert: alice.cert, sslKey: alice.key })).toBe('none');
  });

  test('the cause of a failed verification is explained', async () => {
    const sslCa = pki.root.cert;
    const verify = { sslMode: 'VERIFY_IDENTITY', sslCa } as const;
    const hint = async (server: string, ssl: SslOptions = verify) =>
      (await failure(server, ssl, 'localhost')).hint;
    expect(await hint('expired')).toMatch(
      /^the certificate '\/CN=expired' expired \d+ days ago, on 2024-02-01$/,
    );
    expect(await hint('future')).toMatch(
      /^the certificate '\/CN=future' is valid only from 2048-01-01, in \d+ days: is the clock right\?$/,
    );
    expect(await hint('otherCa')).toContain(
      `the certificate '/CN=otherca' was issued by '/O=Elsewhere/CN=Stranger', which is not in '${sslCa}'`,
    );
    expect(await hint('namesakeCa')).toContain('has an authority of that name, but with another key');
    expect(await hint('selfSigned')).toContain(
      "the certificate '/CN=self' is signed by itself and is not in",
    );
    expect(await hint('wrongName')).toContain("the certificate is for 'db.example.com', not for 'localhost'");
    expect(await hint('revoked', { sslCa, sslCrl: pki.crl })).toMatch(/: '\/CN=revoked' \(serial \w+\)$/);
    expect(await hint('chain', { sslCa, sslCrl: pki.crl })).toContain(
      "needed: '/O=Rowlock Test/CN=Middle', '/O=Rowlock Test/CN=Root'\nmissing: '/O=Rowlock Test/CN=Middle'",
    );
    for (const server of ['expired', 'future', 'otherCa', 'namesakeCa', 'selfSigned', 'wrongName']) {
      const { message } = await failure(server, verify, 'localhost');
      expect(message).toBe('SSL connection error: error:0A000086:SSL routines::certificate verify failed');
    }
  });

  test('a session is resumed from the file it was saved in, and a strange one is refused', async () => {
    const tls = { host: '127.0.0.1', port: servers['good']!.port, user: 'u', passwords: ['secret'] };
    const first = await connect({ ...tls, ssl: { tlsVersion: 'TLSv1.2' } });
    const file = join(folder, 'session.pem');
    writeFileSync(file, sessionText(first.tlsSession!));
    await first.close();
    const second = await connect({ ...tls, ssl: { tlsVersion: 'TLSv1.2', sslSessionData: file } });
    expect(second.tls?.sessionReused).toBe(true);
    await second.close();
    const refused = await failure('sanDns', { tlsVersion: 'TLSv1.2', sslSessionData: file });
    expect(refused.message).toBe('--ssl-session-data specified but the session was not reused.');
    expect(
      await outcome('sanDns', {
        tlsVersion: 'TLSv1.2',
        sslSessionData: file,
        sslSessionDataContinueOnFailedReuse: true,
      }),
    ).toBe('none');
    expect((await failure('good', { sslSessionData: '/absent' })).message).toBe(
      "Can't open the ssl session data file.",
    );
    expect(readFileSync(file, 'utf8')).toContain('BEGIN SSL SESSION PARAMETERS');
    // What is no session is as one that is not resumed; an empty file is none that can be read.
    writeFileSync(file, 'junk');
    expect((await failure('good', { sslSessionData: file })).code).toBe('TLS_SESSION_NOT_REUSED');
    const going = { sslSessionData: file, sslSessionDataContinueOnFailedReuse: true };
    expect(await outcome('good', going)).toBe('none');
    writeFileSync(file, '');
    expect((await failure('good', going)).message).toBe("Can't read the ssl session data file.");
  });

  test.each(['TLSv1.2', 'TLSv1.3'])(
    '%s: a mode that verifies does so, whatever a saved session was verified for',
    async (tlsVersion) => {
      const file = join(folder, 'verified.pem');
      const save = async (ssl: SslOptions): Promise<void> => {
        const { port } = servers['sanDns']!;
        const login = { host: 'localhost', port, user: 'u', passwords: ['secret'] };
        const first = await connect({ ...login, ssl: { ...ssl, tlsVersion } });
        writeFileSync(file, sessionText(first.tlsSession!));
        await first.close();
      };
      const resumed = (ssl: SslOptions, host: string): Promise<string> =>
        outcome('sanDns', { ...ssl, tlsVersion, sslSessionData: file }, host);
      const sslCa = pki.root.cert;
      for (const ssl of [{}, { sslMode: 'VERIFY_CA', sslCa }] as const) {
        await save(ssl);
        expect(await resumed({ sslMode: 'VERIFY_CA', sslCa }, '127.0.0.1')).toBe('ca');
        expect(await resumed({ sslMode: 'VERIFY_CA', sslCa: pki.servers.otherCa.cert }, 'localhost')).toBe(
          'TLS_SELF_SIGNED_CERT_IN_CHAIN',
        );
        expect(await resumed({ sslMode: 'VERIFY_IDENTITY', sslCa }, 'localhost')).toBe('identity');
        expect(await resumed({ sslMode: 'VERIFY_IDENTITY', sslCa }, '127.0.0.1')).toBe(
          'TLS_HOSTNAME_MISMATCH',
        );
      }
    },
  );

  test('the name in SNI is sent when it is given', async () => {
    expect(await outcome('good', { tlsSniServername: 'db.example.com' })).toBe('none');
  });
});
