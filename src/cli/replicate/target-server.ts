import { homedir } from 'node:os';
import type { ConnectOptions } from '../../connection/index.ts';
import { loadDefaults, parseArguments, resolveOptions } from '../../options/index.ts';
import { remoteOf } from '../binlog/options/assemble.ts';
import { GivenOptions } from '../binlog/options/given-options.ts';
import { Values } from '../binlog/options/values.ts';
import { connectSettings } from '../binlog/remote/connect-settings.ts';
import type { CommandIo } from '../command-io.ts';
import { connectionOptions } from './options.ts';
import { spellOut } from './source-url.ts';

const PROGRAM = 'rowlock replicate';
const DIALECT = 'mysql';

/** Words that choose option files stand first. */
const LEADING = /^--(no-defaults|defaults-|login-path=|no-login-paths)/;

/**
 * How to reach the server that --target names: by its URL, and by the group [rowlock-target] of option files for what the URL does not
 * say, such as the password.
 *
 * @throws OptionError, UsageError
 */
export function targetServer(url: string, io: CommandIo, warn: (line: string) => void): ConnectOptions {
  const end = io.argv.findIndex((word) => !LEADING.test(word));
  const { words } = loadDefaults({
    dialect: DIALECT,
    program: PROGRAM,
    groups: ['rowlock-target'],
    argv: end < 0 ? io.argv : io.argv.slice(0, end),
    env: io.env,
    home: homedir(),
    workingDirectory: io.cwd,
    warn,
  });
  const given = new GivenOptions(DIALECT, warn);
  const spelled = spellOut(url).map((text) => ({ text, fromFile: true }));
  const parsed = parseArguments(resolveOptions(connectionOptions, DIALECT), [...words, ...spelled], {
    dialect: DIALECT,
    program: PROGRAM,
    warn,
    onOption: (option) => given.accept(option),
  });
  // What the environment says is about the source.
  const remote = remoteOf(
    { dialect: DIALECT, env: {} },
    given,
    'COM_BINLOG_DUMP',
    parsed,
    new Values(parsed),
  );
  return connectSettings(remote, { dialect: DIALECT, program: PROGRAM, cwd: io.cwd, warn, isFirst: true });
}
