import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Applicant } from '../../connection/index.ts';
import type { TlsPeer } from '../../tls/index.ts';
import type { StateTable } from '../state/state.ts';
import { NO_REQUIREMENT, newAccount, type Requirement } from './account-record.ts';
import { Accounts } from './accounts.ts';
import { hostMatch, likePattern } from './host-pattern.ts';
import { LoginBrake } from './login-brake.ts';
import { Logins } from './logins.ts';
import { unmetRequirement } from './requirement.ts';

function memoryTable(): StateTable {
  const values = new Map<string, string>();
  return {
    all: () => new Map(values),
    set: (name, value) => void values.set(name, value),
    delete: (name) => void values.delete(name),
  };
}

const account = (user: string, host: string) => newAccount(user, host, 'caching_sha2_password', 0);

const applicant = (user: string, host: string, tls?: TlsPeer): Applicant => ({
  user,
  host,
  schema: undefined,
  attributes: new Map(),
  collation: 255,
  tls,
  local: false,
});

describe('the host of an account', () => {
  it.each([
    ['%', '10.0.0.1', true],
    ['10.0.%', '10.0.3.1', true],
    ['10.0.%', '10.1.3.1', false],
    ['10.0.0.0/255.255.255.0', '10.0.0.77', true],
    ['10.0.0.0/255.255.255.0', '10.0.1.77', false],
    ['10.0.0.0/24', '10.0.0.77', true],
    ['10.0.0.9/24', '10.0.0.77', false],
    ['localhost', '127.0.0.1', true],
    ['localhost', '::1', true],
    ['localhost', '10.0.0.1', false],
    ['db_.example', 'db1.example', true],
    ['db\\_.example', 'db1.example', false],
    ['::1', '::1', true],
  ])('%s and %s: %s', (host, address, matches) => {
    expect(hostMatch(host)(address)).toBe(matches);
  });

  it('is a pattern without backtracking', () => {
    expect(likePattern('%%%a%%%').source).toBe('^.*a.*$');
  });
});

describe('which account a login means', () => {
  it('is the one with the most exact host, and a named user before the anonymous one', () => {
    const accounts = new Accounts(memoryTable());
    for (const [user, host] of [
      ['', '10.0.0.1'],
      ['u', '%'],
      ['u', '10.%'],
      ['', '%'],
      ['u', '10.0.%'],
    ] as const)
      accounts.save(account(user, host));
    expect(accounts.match('u', '10.0.0.2')?.host).toBe('10.0.%');
    expect(accounts.match('u', '10.0.0.1')).toMatchObject({ user: '', host: '10.0.0.1' });
    expect(accounts.match('u', '11.0.0.1')).toMatchObject({ user: 'u', host: '%' });
    expect(accounts.match('x', '11.0.0.1')).toMatchObject({ user: '', host: '%' });
  });
});

describe('privileges on tables', () => {
  it('come from the account, its schemas (patterns) and its tables', () => {
    const accounts = new Accounts(memoryTable());
    accounts.save({
      ...account('u', '%'),
      grants: [
        { schema: 'app\\_%', table: '', privileges: ['INSERT'], grantOption: false },
        { schema: 'x', table: 't', privileges: ['UPDATE'], grantOption: false },
      ],
    });
    expect(accounts.allows('u', '%', 'INSERT', 'app_1', 'any')).toBe(true);
    expect(accounts.allows('u', '%', 'INSERT', 'appX1', 'any')).toBe(false);
    expect(accounts.allows('u', '%', 'DELETE', 'app_1', 'any')).toBe(false);
    expect(accounts.allows('u', '%', 'UPDATE', 'x', 't')).toBe(true);
    expect(accounts.allows('u', '%', 'UPDATE', 'x', 'u')).toBe(false);
    expect(accounts.allows('nobody', '%', 'UPDATE', 'x', 't')).toBe(false);
  });

  it('come from one grant on schemas alone, the most exact, as in MySQL 9.7 and MariaDB 11.8', () => {
    const accounts = new Accounts(memoryTable());
    const grants = Object.entries({ 'a%': 'INSERT', 'ab%': 'DELETE', abc: 'SELECT', 'a\\_c': 'UPDATE' });
    accounts.save({
      ...account('u', '%'),
      grants: grants.map(([schema, privilege]) => ({
        schema,
        table: '',
        privileges: [privilege as 'INSERT'],
        grantOption: false,
      })),
    });
    const allowed = (schema: string): string[] =>
      (['INSERT', 'DELETE', 'UPDATE'] as const).filter((each) =>
        accounts.allows('u', '%', each, schema, 't'),
      );
    expect(['abc', 'abd', 'a_c', 'axc'].map(allowed)).toEqual([[], ['DELETE'], ['UPDATE'], ['INSERT']]);
    expect(accounts.mayRead({ user: 'u', host: '%' }, 'abc', 't')).toBe(true);
  });
});

describe('REQUIRE', () => {
  // /O=Acme/CN=replica, issued by /CN=Acme CA.
  const certificate = new X509Certificate(`-----BEGIN CERTIFICATE-----
MIIBMDCB1gIUfGe3nv0VFllGcj6cJM4dUxBplwAwCgYIKoZIzj0EAwIwEjEQMA4G
A1UEAwwHQWNtZSBDQTAgFw0yNjExMjEwNjIyMTRaGA8yMTI2MTAyODA2MjIxNFow
ITENMAsGA1UECgwEQWNtZTEQMA4GA1UEAwwHcmVwbGljYTBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABJeTk7gqVyPkK6CSfermjC6zfA6w3uqWmHGskNfpS4MelVRi
e3FDmUDZe1GPXCx5uCBGsC+V6uA3lM9qWEaI78IwCgYIKoZIzj0EAwIDSQAwRgIh
ANGuGsSE1wv0ABMp27QLm+ard2yD47hs4W1MVjR+n0SQAiEAhWXCXjbZfK5pZhSX
ij5UEr7pW0nBPiNXWLjtrGX5uJ8=
-----END CERTIFICATE-----`);
  const peer = (chain: readonly unknown[], verified: 'ca' | 'none' = 'ca'): TlsPeer =>
    ({
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      chain,
      verified,
      verdict: undefined,
    }) as unknown as TlsPeer;
  const specified = (part: Partial<Requirement>): Requirement => ({
    ...NO_REQUIREMENT,
    type: 'SPECIFIED',
    ...part,
  });

  it.each<[string, Requirement, TlsPeer | undefined, boolean]>([
    ['nothing of plain TCP', NO_REQUIREMENT, undefined, true],
    ['SSL of plain TCP', { ...NO_REQUIREMENT, type: 'ANY' }, undefined, false],
    ['SSL of TLS', { ...NO_REQUIREMENT, type: 'ANY' }, peer([]), true],
    ['X509 without a certificate', { ...NO_REQUIREMENT, type: 'X509' }, peer([]), false],
    ['X509 with an untrusted one', { ...NO_REQUIREMENT, type: 'X509' }, peer([certificate], 'none'), false],
    ['X509 with one', { ...NO_REQUIREMENT, type: 'X509' }, peer([certificate]), true],
    ['the exact subject', specified({ subject: '/O=Acme/CN=replica' }), peer([certificate]), true],
    ['its parts in another order', specified({ subject: '/CN=replica/O=Acme' }), peer([certificate]), false],
    ['its letters in another case', specified({ subject: '/O=acme/CN=replica' }), peer([certificate]), false],
    ['the issuer', specified({ issuer: '/CN=Acme CA' }), peer([certificate]), true],
    ['another issuer', specified({ issuer: '/CN=Acme CB' }), peer([certificate]), false],
    ['the cipher', specified({ cipher: 'TLS_AES_256_GCM_SHA384' }), peer([certificate]), true],
    ['the cipher without a certificate', specified({ cipher: 'TLS_AES_256_GCM_SHA384' }), peer([]), false],
    ['another cipher', specified({ cipher: 'TLS_AES_128_GCM_SHA256' }), peer([certificate]), false],
  ])('%s', (_what, require, tls, met) => {
    expect(unmetRequirement(require, tls) === undefined).toBe(met);
  });
});

describe('guessing', () => {
  it('waits longer after each failure, also for attempts at the same time, and forgets after a while', () => {
    let now = 0;
    const brake = new LoginBrake(() => now);
    expect(brake.begin('u', 'a')).toBe(0);
    for (let i = 0; i < 3; i += 1) brake.failed('u', 'a');
    expect([brake.begin('u', 'a'), brake.begin('u', 'a'), brake.begin('u', 'a')]).toEqual([250, 500, 1000]);
    expect(brake.begin('other', 'a')).toBe(0);
    for (let i = 0; i < 30; i += 1) brake.failed(`u${i}`, 'a');
    expect(brake.begin('other', 'a')).toBeGreaterThan(0);
    expect(brake.begin('u', 'b')).toBe(0);
    now += 11 * 60_000;
    expect(brake.begin('u', 'a')).toBe(0);
  });

  it('never takes more memory, whoever knocks', () => {
    const brake = new LoginBrake(() => 0);
    for (let i = 0; i < 20_000; i += 1) brake.failed(`${'u'.repeat(1000)}${i}`, `10.0.${i >> 8}.${i & 255}`);
    expect(brake.size).toBeLessThanOrEqual(4096);
  });

  it('locks accounts that want it so, and says so to who has the password', async () => {
    let now = 0;
    const accounts = new Accounts(memoryTable());
    accounts.save({ ...account('u', '%'), failedLoginAttempts: 2, passwordLockTime: 1 });
    const logins = new Logins(accounts, new LoginBrake(() => now), () => now);
    const signal = new AbortController().signal;
    const login = async (right: boolean) => {
      const attempt = logins.attempt(signal, 10_000);
      await attempt.account(applicant('u', '1.2.3.4'));
      if (right) return attempt.admit?.(applicant('u', '1.2.3.4'));
      attempt.refused();
      return attempt.reason;
    };
    expect(await login(false)).toBe('the password is wrong');
    expect(await login(true)).toBe(true);
    await login(false);
    await login(false);
    expect(await login(true)).toMatchObject({
      errno: 3955,
      message:
        "Access denied for user 'u'@'1.2.3.4'. Account is blocked for 1 day(s) (1 day(s) remaining) due to 2 consecutive failed logins.",
    });
    now += 25 * 3_600_000;
    expect(await login(true)).toBe(true);
  });
});
