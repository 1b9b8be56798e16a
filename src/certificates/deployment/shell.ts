import { CertificateError } from '../../tls/index.ts';
import { deployedNames, type FoundKind, STORE, type Step, type TargetState } from './plan.ts';

/** Last line of what the look script prints: without it the answer was cut. */
const END = 'rowlock-end';

/** A word of a shell command. */
export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A POSIX shell script that describes a target folder. Everything is inside a function called on the last line, so a
 * script that arrives cut does nothing at all.
 */
export function lookScript(folder: string): string {
  return script([
    `cd ${quoteWord(folder)} 2>/dev/null || { echo absent; echo ${END}; return 0; }`,
    'if [ -e ibdata1 ] || [ -e mysql.ibd ]; then echo data; fi',
    `for name in ${deployedNames.join(' ')}; do`,
    `  if [ "$(readlink "$name" 2>/dev/null)" = "${STORE}/current/$name" ]; then echo "link $name"`,
    '  elif [ -e "$name" ] || [ -L "$name" ]; then echo "plain $name"; fi',
    'done',
    `if [ -L ${STORE}/current ]; then echo "current $(readlink ${STORE}/current)"; fi`,
    `for path in ${STORE}/*; do`,
    '  case "$path" in */current|*.rowlock-new|*"*") ;; *.part) echo "torn ${path##*/}";; *) echo "generation ${path##*/}";; esac',
    'done',
    `for path in ${STORE}/current/*; do [ -e "$path" ] && echo "kept \${path##*/}"; done`,
    `echo ${END}`,
  ]);
}

/** Reads what the look script printed. @throws CertificateError when the answer was cut or is not one */
export function readLook(output: string): TargetState {
  const lines = output.split('\n').filter((line) => line !== '');
  if (lines.at(-1) !== END) {
    throw new CertificateError('CERTIFICATE_DEPLOY', 'the target did not answer in full');
  }
  const names = new Map<string, FoundKind>();
  const generations: string[] = [];
  const torn: string[] = [];
  const kept: string[] = [];
  let current: string | undefined;
  for (const line of lines) {
    const [word = '', value = ''] = line.split(' ', 2);
    if (word === 'link' || word === 'plain') names.set(value, word);
    if (word === 'current') current = safe(value);
    if (word === 'generation') generations.push(safe(value));
    if (word === 'torn') torn.push(safe(value));
    if (word === 'kept') kept.push(safe(value));
  }
  return {
    exists: !lines.includes('absent'),
    dataFolder: lines.includes('data'),
    names,
    current,
    generations: generations.toSorted(),
    torn: torn.toSorted(),
    kept,
  };
}

/** Names that come back in commands: what this program makes, nothing else. */
function safe(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name;
  throw new CertificateError('CERTIFICATE_DEPLOY', `unexpected name in the store of the target: ${name}`);
}

/**
 * A POSIX shell script that takes the steps. Contents of files travel inside it, on standard input of the shell, so they
 * are in nobody's process list. `limit` stops after so many steps: what an interruption leaves.
 */
export function stepsScript(
  folder: string,
  steps: readonly Step[],
  owner?: string,
  limit: number = steps.length,
): string {
  return script([
    'set -eu',
    'umask 077',
    // A folder the server's own account must enter, with whatever is missing above it.
    `[ -d ${quoteWord(folder)} ] || { (umask 022; mkdir -p ${quoteWord(folder)})${give(owner, folder)}; }`,
    `cd ${quoteWord(folder)}`,
    // The rename that must not follow a link to a folder: GNU and BusyBox call it -T, BSD and macOS -h.
    'swap() { mv -fT "$1" "$2" 2>/dev/null || mv -fh "$1" "$2"; }',
    ...steps
      .slice(0, limit)
      .flatMap((step) =>
        (writers[step.do] as (step: Step, owner: string | undefined) => string[])(step, owner),
      ),
    `echo ${END}`,
  ]);
}

/** True when the steps script said it came to its end. */
export function cameToEnd(output: string): boolean {
  return output.trimEnd().split('\n').at(-1) === END;
}

function give(owner: string | undefined, path: string): string {
  return owner === undefined ? '' : `; chown ${quoteWord(owner)} ${quoteWord(path)}`;
}

const writers: {
  readonly [K in Step['do']]: (step: Extract<Step, { do: K }>, owner: string | undefined) => string[];
} = {
  folder: ({ path }, owner) => {
    const word = quoteWord(path);
    return [`[ -d ${word} ] || { mkdir ${word}; chmod 755 ${word}${give(owner, path)}; }`];
  },
  copy: ({ from, to }) => [`cp -pL ${quoteWord(from)} ${quoteWord(to)}`],
  write: ({ path, text, mode }, owner) => {
    const word = quoteWord(path);
    return [
      `cat > ${word} <<'ROWLOCK-END-OF-FILE'`,
      text.replace(/\n$/, ''),
      'ROWLOCK-END-OF-FILE',
      `chmod ${mode.toString(8).padStart(4, '0')} ${word}`,
      ...(owner === undefined ? [] : [`chown ${quoteWord(owner)} ${word}`]),
    ];
  },
  link: ({ path, to }) => {
    const beside = quoteWord(`${path}.rowlock-new`);
    return [`rm -f ${beside}; ln -s ${quoteWord(to)} ${beside}; swap ${beside} ${quoteWord(path)}`];
  },
  rename: ({ from, to }) => [`mv -f ${quoteWord(from)} ${quoteWord(to)}`],
  remove: ({ path }) => [`rm -rf ${quoteWord(path)}`],
  // With names, GNU and BusyBox force only these to disk; others take no names and force everything.
  sync: () => [`sync ${STORE}/*/* ${STORE} . 2>/dev/null || sync`],
};

function script(lines: readonly string[]): string {
  return ['main() {', ...lines, '}', 'main', ''].join('\n');
}
