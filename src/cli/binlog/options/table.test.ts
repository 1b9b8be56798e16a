import { describe, expect, test } from 'vitest';
import { completedOptions, completionScript, markdownTable } from '../../../options/index.ts';
import { binlogHelp } from './help.ts';
import { binlogOptionsFor, binlogOptionTable } from './table.ts';

/** Every name in `mysqlbinlog --help` of 9.7.4 and `mariadb-binlog --help` of 11.8.6, with its letter. */
const known = {
  mysql:
    'help ? base64-output bind-address character-sets-dir database d rewrite-db debug # debug-check debug-info ' +
    'default-auth disable-log-bin D force-if-open F force-read f hexdump H host h idempotent i local-load l offset o ' +
    'password p plugin-dir port P protocol read-from-remote-server R read-from-remote-master ' +
    'read-from-remote-source raw result-file r server-id server-id-bits set-charset short-form s socket S ' +
    'server-public-key-path get-server-public-key ssl-mode ssl-ca ssl-capath ssl-cert ssl-cipher ssl-key ssl-crl ' +
    'ssl-crlpath tls-version ssl-fips-mode tls-ciphersuites ssl-session-data ' +
    'ssl-session-data-continue-on-failed-reuse tls-sni-servername start-datetime start-position j stop-datetime ' +
    'stop-never stop-never-slave-server-id connection-server-id stop-position to-last-log t user u verbose v version V ' +
    'open-files-limit verify-binlog-checksum c binlog-row-event-max-size skip-gtids include-gtids exclude-gtids ' +
    'print-table-metadata compress C compression-algorithms zstd-compression-level require-row-format',
  mariadb:
    'help ? base64-output character-sets-dir database d debug-check debug-info default-auth disable-log-bin D ' +
    'flashback B force-if-open F force-read f hexdump H host h local-load l offset o password p plugin-dir port P ' +
    'protocol read-from-remote-server R raw result-file r print-row-count print-row-event-positions ' +
    'ignore-domain-ids do-domain-ids ignore-server-ids do-server-ids server-id set-charset short-form s socket S ssl ' +
    'ssl-ca ssl-capath ssl-cert ssl-cipher ssl-key ssl-crl ssl-crlpath tls-version ssl-fp ssl-fplist ' +
    'ssl-verify-server-cert start-datetime start-position j gtid-strict-mode stop-datetime stop-never ' +
    'stop-never-slave-server-id stop-position table T to-last-log t user u verbose v version V open-files-limit ' +
    'binlog-row-event-max-size verify-binlog-checksum c rewrite-db skip-annotate-row-events print-table-metadata',
} as const;

describe.each(['mysql', 'mariadb'] as const)('the table as %s sees it', (dialect) => {
  test('has exactly the options of the real program, and marks them as its own', () => {
    const native = binlogOptionsFor(dialect).filter((option) => option.native);
    const names = native.flatMap((option) => [
      option.name.replaceAll('_', '-'),
      ...(option.short ? [option.short] : []),
    ]);
    expect(names.sort()).toEqual(known[dialect].split(' ').sort());
  });

  test('has no name and no letter twice', () => {
    const options = binlogOptionsFor(dialect);
    const names = options.flatMap(({ name, short }) => [name.replaceAll('_', '-'), short ?? name]);
    expect(new Set(options.map(({ name }) => name)).size).toBe(options.length);
    const letters = names.filter((name) => name.length === 1);
    expect(new Set(letters).size).toBe(letters.length);
  });

  test('every option that can be given is in the help', () => {
    const help = binlogHelp('x', { dialect, env: {}, home: '/home/me', workingDirectory: '/' });
    for (const { name, type } of binlogOptionsFor(dialect))
      if (type.kind !== 'disabled') expect(help).toContain(`--${name.replaceAll('_', '-')}`);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  });
});

test('completion and documentation name every option', () => {
  const options = binlogOptionsFor('mysql').filter(({ type }) => type.kind !== 'disabled');
  const texts = (['bash', 'zsh', 'fish'] as const).map((shell) =>
    completionScript(shell, 'rowlock', { commands: { binlog: { options: completedOptions(options) } } }),
  );
  texts.push(markdownTable(options));
  for (const text of texts) for (const { name } of options) expect(text).toContain(name.replaceAll('_', '-'));
});

test('every help text is a sentence of our own', () => {
  for (const { help } of binlogOptionTable) expect(help).toMatch(/^.+[.]$/);
});
