import { basename } from 'node:path';
import { runBinlog } from './binlog/index.ts';
import { BrokenPipe, type CommandIo, isOutputFailure, outputFailure, processIo } from './command-io.ts';
import { hideSecrets } from './hide-secrets.ts';
import { version } from './version.ts';

export { internalError } from './internal-error.ts';

type Run = (io: CommandIo) => Promise<number> | number;

interface Command {
  readonly summary: string;
  /** Reads its options as MySQL's programs do, and tells its version in their way. */
  readonly isProgram?: true;
  /** Loaded only when it is run, unless it is what most starts are for. */
  readonly load: () => Promise<Run> | Run;
}

const commands: Readonly<Record<string, Command>> = {
  binlog: {
    summary: 'read binary logs: mysqlbinlog and mariadb-binlog in one',
    isProgram: true,
    load: () => runBinlog,
  },
  inspect: {
    summary: 'what is in binary logs: span, transactions, tables, gaps, damage',
    load: async () => (await import('./inspect/index.ts')).runInspect,
  },
  relay: {
    summary: 'a replica at the edge: receive over TLS, let only rows pass, archive, serve on',
    isProgram: true,
    load: async () => (await import('./relay/index.ts')).runRelay,
  },
  replicate: {
    summary: 'rows of a server into SQLite, MySQL or MariaDB, exactly once, without a daemon',
    isProgram: true,
    load: async () => (await import('./replicate/index.ts')).runReplicate,
  },
  sql: {
    summary: 'a small SQL client, for relays and servers',
    isProgram: true,
    load: async () => (await import('./sql/index.ts')).runSql,
  },
  certs: {
    summary: 'certificates for a fleet of MySQL servers: make, check, deploy, roll over',
    load: async () => {
      const { runCerts } = await import('./certs/index.ts');
      return (io) => runCerts(processStreams(io));
    },
  },
  doctor: {
    summary: 'what is wrong with the TLS of a server, and what mends it',
    load: async () => {
      const { runDoctor } = await import('./doctor/index.ts');
      return (io) => runDoctor(processStreams(io));
    },
  },
  completion: {
    summary: 'completion of these words in bash, zsh and fish',
    load: async () => (await import('./completion/index.ts')).runCompletion,
  },
};

/** For commands that talk to a person while they run: prompts need real streams. */
function processStreams(io: CommandIo) {
  const { argv, env, cwd } = io;
  const { stdin, stdout, stderr } = process;
  // A reader that has seen enough closes the pipe: that is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(BrokenPipe.exitStatus);
    if (!isOutputFailure(error)) throw error;
    io.stderr.write(outputFailure(error));
    process.exit(1);
  });
  return { argv, env, cwd, stdin, stdout, stderr };
}

/** Started under one of these names (a link), `rowlock` is that command. */
const aliases: Readonly<Record<string, string>> = {
  mysqlbinlog: 'binlog',
  'mariadb-binlog': 'binlog',
};

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    `rowlock ${version}: secure MySQL and MariaDB replication`,
    '',
    'Usage: rowlock COMMAND [OPTION…] [ARGUMENT…]',
    '',
    'Commands:',
    ...lines,
    '',
    "'rowlock COMMAND --help' says what a command takes.",
    '',
  ].join('\n');
}

/** Runs the command that the words name. Returns the exit status. */
export async function main(words: readonly string[]): Promise<number> {
  hideSecrets();
  const started = basename(words[1] ?? 'rowlock').replace(/\.(exe|cmd)$/i, '');
  const alias = aliases[started];
  const [name, ...rest] = alias === undefined ? words.slice(2) : [alias, ...words.slice(2)];
  const io = processIo(alias === undefined ? 'rowlock' : started, rest);
  try {
    return await run(name, io);
  } catch (error) {
    if (error instanceof BrokenPipe) return BrokenPipe.exitStatus;
    if (!isOutputFailure(error)) throw error;
    io.stderr.write(outputFailure(error));
    return 1;
  }
}

async function run(name: string | undefined, io: CommandIo): Promise<number> {
  const command = name === undefined ? undefined : commands[name];
  const asked = command === undefined || command.isProgram === true ? name : io.argv[0];
  if (asked === '--version' || asked === '-V') {
    io.stdout.write(Buffer.from(`rowlock ${version}\n`));
    return 0;
  }
  if (name === undefined || ['--help', '-h', '-?', 'help'].includes(name)) {
    io[name === undefined ? 'stderr' : 'stdout'].write(Buffer.from(usage()));
    return name === undefined ? 1 : 0;
  }
  if (command === undefined) {
    io.stderr.write(Buffer.from(`rowlock: no command '${name}'; 'rowlock --help' lists them\n`));
    return 1;
  }
  const runCommand = await command.load();
  return runCommand(io);
}
