import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeLoginFile } from '../../../src/options/index.ts';
import { cacheFolder } from '../../servers/index.ts';
import type { Combination } from './dimensions.ts';
import { accountName, LOG, PASSWORD, type Showing, type Stage } from './stage.ts';

/** A command line with the environment it needs. */
export interface CommandLine {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where the packaged client library has its plugins. */
const CLIENT_PLUGINS = join(cacheFolder(), 'mariadb118/usr/lib/x86_64-linux-gnu/libmariadb3/plugin');

const PASSWORDS: Readonly<Record<string, string | undefined>> = {
  right: PASSWORD,
  wrong: 'wr0ng',
  none: undefined,
};

/** The words that ask for a log in this combination. */
export function commandLine(one: Combination, stage: Stage, server: Showing): CommandLine {
  const where = whereOptions(one, server);
  const password = PASSWORDS[one.password];
  const secret = password === undefined ? [] : [`password=${password}`];
  const tls = tlsOptions(one, stage);
  switch (one.source) {
    case 'file': {
      const file = join(stage.folder, `options-${server.port}.cnf`);
      writeFileSync(file, `[client]\n${[...where, ...secret, ...tls].join('\n')}\n`, { mode: 0o600 });
      return { argv: [`--defaults-file=${file}`, '-R', LOG], env: {} };
    }
    case 'login': {
      const file = join(stage.folder, `login-${server.port}.cnf`);
      // What mysql_config_editor can store: everything here but the protocol.
      const protocol = where.filter((line) => line.startsWith('protocol'));
      const stored = [...where.filter((line) => !line.startsWith('protocol')), ...secret];
      writeFileSync(file, encodeLoginFile(['[stage]', ...stored], Buffer.alloc(20, 7)), { mode: 0o600 });
      const rest = [...protocol, ...tls].map((line) => `--${line}`);
      return {
        argv: ['--no-defaults', '--login-path=stage', ...rest, '-R', LOG],
        env: { MYSQL_TEST_LOGIN_FILE: file },
      };
    }
    case 'environment': {
      const isPort = (line: string): boolean => /^(port|socket)=/.test(line);
      const words = [...where.filter((line) => !isPort(line)), ...tls].map((line) => `--${line}`);
      return {
        argv: ['--no-defaults', ...words, '-R', LOG],
        env: {
          ...(password === undefined ? {} : { MYSQL_PWD: password }),
          ...(isLocal(one.host, server)
            ? { MYSQL_UNIX_PORT: server.socket! }
            : { MYSQL_TCP_PORT: String(server.port) }),
        },
      };
    }
    default:
      return {
        argv: ['--no-defaults', ...[...where, ...secret, ...tls].map((line) => `--${line}`), '-R', LOG],
        env: {},
      };
  }
}

function isLocal(host: string, { socket }: Showing): boolean {
  return host === 'socket' && socket !== undefined;
}

function whereOptions({ host, plugin, require }: Combination, server: Showing): string[] {
  const user = `user=${accountName(plugin, require)}`;
  if (isLocal(host, server)) return [`socket=${server.socket}`, user];
  const tcp = host === 'localhost' ? ['protocol=tcp'] : [];
  return [`host=${host === 'socket' ? '127.0.0.1' : host}`, ...tcp, `port=${server.port}`, user];
}

function tlsOptions({ mode, trust, client, version, require }: Combination, stage: Stage): string[] {
  const { pki, capath, crls, dialect } = stage;
  const trusts: Readonly<Record<string, readonly string[]>> = {
    none: [],
    root: [`ssl-ca=${pki.root.cert}`],
    stranger: [`ssl-ca=${pki.stranger.cert}`],
    capath: [`ssl-capath=${capath}`],
    crl: [`ssl-ca=${pki.root.cert}`, `ssl-crl=${pki.crl}`],
    middleCrl: [`ssl-ca=${pki.root.cert}`, `ssl-crl=${crls}`],
    missing: ['ssl-ca=/nonexistent/ca.pem'],
  };
  const { alice, bob, stranger, expired } = pki.clients;
  const own = (cert: string, key: string): string[] => [`ssl-cert=${cert}`, `ssl-key=${key}`];
  const clients: Readonly<Record<string, readonly string[]>> = {
    none: [],
    alice: own(alice.cert, alice.key),
    bob: own(bob.cert, bob.key),
    stranger: own(stranger.cert, stranger.key),
    expired: own(expired.cert, expired.key),
    mismatch: own(alice.cert, bob.key),
    missing: own('/nonexistent/cert.pem', '/nonexistent/key.pem'),
  };
  const plugins = dialect === 'mysql' ? [] : [`plugin-dir=${CLIENT_PLUGINS}`];
  const given = mode === '' ? [] : [dialect === 'mysql' ? `ssl-mode=${mode}` : mode.replace(/^--/, '')];
  const cipher = require === 'CIPHER12' ? ['ssl-cipher=ECDHE-ECDSA-AES128-GCM-SHA256'] : [];
  return [
    ...plugins,
    ...given,
    ...trusts[trust]!,
    ...clients[client]!,
    ...cipher,
    ...(version === '' ? [] : [`tls-version=${version}`]),
  ];
}
