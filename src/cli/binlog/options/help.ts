import {
  type DefaultsSurroundings,
  type Dialect,
  defaultFiles,
  helpText,
  resolveOptions,
} from '../../../options/index.ts';
import { binlogOptionGroups, binlogOptionTable } from './table.ts';

const fileWords: Readonly<Record<Dialect, readonly string[]>> = {
  mysql: [
    '  --print-defaults             Print the options that files and command line come to, and exit.',
    '  --no-defaults                Read no option file except the login file. Must be the very first word.',
    '  --defaults-file=FILE         Read this option file only.',
    '  --defaults-extra-file=FILE   Read this one too, before the one in the home folder.',
    '  --defaults-group-suffix=TEXT Read groups whose names end in this, too.',
    '  --login-path=NAME            Read this group of the login file, too.',
    '  --no-login-paths             Do not read the login file.',
  ],
  mariadb: [
    '  --print-defaults             Print the options that files and command line come to, and exit.',
    '  --no-defaults                Read no option file. Must be the very first word.',
    '  --defaults-file=FILE         Read this option file only.',
    '  --defaults-extra-file=FILE   Read this one too, before the one in the home folder.',
    '  --defaults-group-suffix=TEXT Read groups whose names end in this, too.',
  ],
};

/** All of `binlog --help`. */
export function binlogHelp(
  command: string,
  surroundings: Pick<DefaultsSurroundings, 'dialect' | 'env' | 'home' | 'workingDirectory' | 'systemFolders'>,
): string {
  const { dialect } = surroundings;
  const files = defaultFiles(surroundings).filter((file) => file !== undefined);
  return helpText(resolveOptions(binlogOptionTable, dialect), {
    introduction: [
      `Usage: ${command} [options] log...`,
      '',
      'Prints binary logs of MySQL and MariaDB as SQL that can be replayed, as text to read, or as JSON.',
      'A log is a file, "-" for standard input, or with -R the name of a log of a server.',
    ].join('\n'),
    closing: [
      'Option files:',
      `  Read in this order: ${files.join(' ')}`,
      `  Groups: ${binlogOptionGroups[dialect].map((group) => `[${group}]`).join(' ')}`,
      '  These must come before all other options:',
      ...fileWords[dialect],
    ].join('\n'),
  });
}
