import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../errors/index.ts';
import type { Dialect } from '../../../options/index.ts';
import { type BinlogOptions, parseBinlogCommandLine } from '../options/index.ts';
import { connectSettings } from './connect-settings.ts';

function settings(dialect: Dialect, ...argv: string[]) {
  const warnings: string[] = [];
  const request = parseBinlogCommandLine({
    dialect,
    program: 'p',
    argv: ['--no-defaults', '-R', ...argv, 'log.1'],
    env: {},
    home: '/nonexistent',
    workingDirectory: '/work-folder',
    warn: () => undefined,
    checkGtidSet: () => undefined,
  });
  const { remote } = (request as { options: BinlogOptions }).options;
  const made = connectSettings(remote!, {
    dialect,
    program: 'p',
    cwd: '/work-folder',
    warn: (line) => warnings.push(line),
    isFirst: true,
  });
  return { ...made, warnings };
}

describe.skipIf(process.platform === 'win32')('where a server is', () => {
  test.each([
    ['mysql', ['-S', '/s'], { socketPath: '/s' }],
    ['mysql', ['-S', '/s', '-P', '3307'], { socketPath: '/s' }],
    ['mysql', ['-S', '/s', '--protocol=tcp'], { host: 'localhost' }],
    ['mariadb', ['-h', 'db', '--protocol=socket'], { host: 'db' }],
    ['mysql', ['-h', 'db', '-P', '3307'], { host: 'db', port: 3307 }],
    ['mariadb', ['-P', '3307'], { host: 'localhost', port: 3307 }],
  ] as const)('%s %j', (dialect, argv, target) => {
    expect(settings(dialect, ...argv)).toMatchObject(target);
  });

  test('a protocol that cannot reach it is refused in the words of the client library', () => {
    expect(() => settings('mysql', '-h', 'db', '--protocol=socket')).toThrow('Wrong or unknown protocol');
    expect(() => settings('mysql', '--protocol=memory')).toThrow('Wrong or unknown protocol');
  });
});

test('a fingerprint that cannot be checked is refused, not ignored', () => {
  expect(() => settings('mariadb', '--ssl-fp=aa:bb')).toThrow(UsageError);
});

test('MariaDB goes without verification only where its own tools do, and says so', () => {
  expect(settings('mariadb', '-h', 'db', '-P', '1').warnings).toHaveLength(1);
  expect(settings('mariadb', '-h', 'db', '-P', '1').ssl?.sslVerifyServerCert).toBe(false);
  for (const more of [['-psecret'], ['--ssl-ca=ca.pem'], ['--ssl-verify-server-cert']]) {
    const { ssl, warnings } = settings('mariadb', '-h', 'db', '-P', '1', ...more);
    expect(ssl?.sslVerifyServerCert).not.toBe(false);
    expect(warnings).toEqual([]);
  }
});

test('files are looked for where the program was started', () => {
  expect(settings('mysql', '--ssl-ca=ca.pem').ssl?.sslCa).toMatch(/work-folder.ca\.pem$/);
});
