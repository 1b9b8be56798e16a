import { isAbsolute, join, resolve } from 'node:path';
import type { Dialect } from './definition.ts';
import type { WarningSink } from './option-error.ts';
import { OptionFileReader } from './option-files.ts';
import type { Argument } from './parse-arguments.ts';

/** What the outside of the program looks like; only the command line's room knows it. */
export interface DefaultsSurroundings {
  readonly dialect: Dialect;
  readonly program: string;
  /** Option file groups of the program, without suffix: `mysqlbinlog`, `client`. */
  readonly groups: readonly string[];
  /** Words after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string | undefined;
  readonly workingDirectory: string;
  readonly warn: WarningSink;
  /** Folders of the system's own option files. Normally `/etc` and `/etc/mysql`; on Windows its own folder and `C:/`. */
  readonly systemFolders?: readonly string[];
}

/** The words of option files and command line together. */
export interface LoadedDefaults {
  /** Options from files first, then the command line without the words consumed here. */
  readonly words: readonly Argument[];
  /** --print-defaults was given: print the words and exit 0. */
  readonly printDefaults: boolean;
}

/** Only there a drive makes a path absolute. */
const onWindows = isAbsolute('C:/');

/** Words that must come first on the command line, and what they said. */
interface LeadingWords {
  readonly noDefaults: boolean;
  readonly file: string | undefined;
  readonly extraFile: string | undefined;
  readonly groupSuffix: string | undefined;
  readonly loginPath: string | undefined;
  readonly noLoginPaths: boolean;
  readonly count: number;
}

const LOGIN_PATH = '--login-path=';

const leadingNames = {
  mysql: ['--defaults-file=', '--defaults-extra-file=', '--defaults-group-suffix=', LOGIN_PATH],
  mariadb: ['--defaults-file=', '--defaults-extra-file=', '--defaults-group-suffix='],
} as const;

function readLeadingWords(argv: readonly string[], dialect: Dialect): LeadingWords {
  const noDefaults = argv[0] === '--no-defaults';
  const found = new Map<string, string>();
  let noLoginPaths = false;
  let count = noDefaults ? 1 : 0;
  // After --no-defaults MariaDB looks at nothing else; MySQL still takes a suffix and a login path.
  for (; !(noDefaults && dialect === 'mariadb'); count++) {
    const word = argv[count];
    if (word === undefined) break;
    // Of the two words about login paths, the first one leaves the other to the options, which know neither.
    if (dialect === 'mysql' && word === '--no-login-paths' && !found.has(LOGIN_PATH)) {
      noLoginPaths = true;
      continue;
    }
    const name = leadingNames[dialect].find((candidate) => word.startsWith(candidate));
    if (name === undefined || found.has(name) || (name === LOGIN_PATH && noLoginPaths)) break;
    if (noDefaults && name !== '--defaults-group-suffix=' && name !== LOGIN_PATH) break;
    found.set(name, word.slice(name.length));
  }
  return {
    noDefaults,
    file: found.get('--defaults-file='),
    extraFile: found.get('--defaults-extra-file='),
    groupSuffix: found.get('--defaults-group-suffix='),
    loginPath: found.get(LOGIN_PATH),
    noLoginPaths,
    count,
  };
}

/** `MYSQL_…` of the environment; MariaDB's tools look at `MARIADB_…` first, and at nothing else if it is there. */
const ofFamily = (
  { dialect, env }: Pick<DefaultsSurroundings, 'dialect' | 'env'>,
  name: 'HOME' | 'GROUP_SUFFIX',
): string | undefined => (dialect === 'mariadb' ? env[`MARIADB_${name}`] : undefined) ?? env[`MYSQL_${name}`];

/**
 * The option files that are read when nothing else is asked for, in order; `undefined` stands for --defaults-extra-file.
 * A folder named twice counts at its last place.
 */
export function defaultFiles(
  surroundings: Pick<DefaultsSurroundings, 'dialect' | 'env' | 'home' | 'workingDirectory' | 'systemFolders'>,
): readonly (string | undefined)[] {
  const { env, home } = surroundings;
  const homeFolder = ofFamily(surroundings, 'HOME');
  const windowsFolder = env['SystemRoot'] ?? 'C:/Windows';
  const folders = [
    ...(surroundings.systemFolders ?? (onWindows ? [windowsFolder, 'C:/'] : ['/etc', '/etc/mysql'])),
  ];
  if (homeFolder !== undefined && homeFolder !== '') {
    const normal = resolve(surroundings.workingDirectory, homeFolder);
    const twin = folders.indexOf(normal);
    if (twin >= 0) folders.splice(twin, 1);
    folders.push(normal);
  }
  const names = onWindows ? ['my.ini', 'my.cnf'] : ['my.cnf'];
  const files: (string | undefined)[] = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  files.push(undefined);
  if (home !== undefined && !onWindows) files.push(join(home, '.my.cnf'));
  return files;
}

/** Where the login file is: an environment variable, else the home folder (on Windows: the application data folder). */
function loginFile({ env, home }: DefaultsSurroundings): string | undefined {
  const { MYSQL_TEST_LOGIN_FILE: test, APPDATA: applicationData } = env;
  if (test !== undefined) return test;
  if (applicationData !== undefined && onWindows) return join(applicationData, 'MySQL', '.mylogin.cnf');
  return home === undefined ? undefined : join(home, '.mylogin.cnf');
}

/**
 * Puts the options of the option files and of the login file before the command line's, as `load_defaults` does.
 *
 * @throws OptionError for a file that is required and missing, or one that makes no sense.
 */
export function loadDefaults(surroundings: DefaultsSurroundings): LoadedDefaults {
  const { argv, dialect, program, warn, home, workingDirectory } = surroundings;
  const leading = readLeadingWords(argv, dialect);
  const suffix = leading.groupSuffix ?? ofFamily(surroundings, 'GROUP_SUFFIX');
  const groups =
    suffix === undefined
      ? surroundings.groups
      : [...surroundings.groups, ...surroundings.groups.map((group) => group + suffix)];
  const reader = new OptionFileReader({ dialect, program, groups, warn, home, workingDirectory });

  const absolute = (file: string): string => {
    if (home !== undefined && file.startsWith('~/')) return join(home, file.slice(2));
    return resolve(workingDirectory, file);
  };
  if (leading.file !== undefined) reader.read(absolute(leading.file), true);
  else if (!leading.noDefaults)
    for (const file of defaultFiles(surroundings)) {
      if (file !== undefined) reader.read(file, false);
      else if (leading.extraFile !== undefined) reader.read(absolute(leading.extraFile), true);
    }

  const login = loginFile(surroundings);
  if (dialect === 'mysql' && !leading.noLoginPaths && login !== undefined) {
    const paths = leading.loginPath === undefined ? [] : [leading.loginPath];
    if (suffix !== undefined) paths.push(...paths.map((path) => path + suffix));
    reader.readLogin(login, [...groups, ...paths]);
  }

  const rest = argv.slice(leading.count);
  const printDefaults = rest[0] === '--print-defaults';
  const words = [
    ...reader.found.map((text) => ({ text, fromFile: true })),
    ...(printDefaults ? rest.slice(1) : rest).map((text) => ({ text, fromFile: false })),
  ];
  // After --no-defaults MySQL takes the word and does nothing.
  return { words, printDefaults: printDefaults && !(leading.noDefaults && dialect === 'mysql') };
}

/** What --print-defaults prints: two lines, passwords hidden. `secrets` are further option names to hide. */
export function printedDefaults(
  program: string,
  words: readonly Argument[],
  secrets: ReadonlySet<string>,
): readonly string[] {
  const shown = words.map(({ text }) => {
    const [, name = ''] = /^--((?:[^=])*)/.exec(text) ?? [];
    const plain = name.replaceAll('_', '-').replace(/^(?:(?:loose|enable|maximum)-)+/, '');
    if (text.startsWith('--password') || plain === 'password') return '--password=*****';
    if (secrets.has(plain)) return `--${name}=*****`;
    return /^-p./.test(text) ? '-p*****' : text;
  });
  return [
    `${program} would have been started with the following arguments:`,
    shown.map((word) => `${word} `).join(''),
  ];
}
