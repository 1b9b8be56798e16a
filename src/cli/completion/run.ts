import { PassThrough, Readable } from 'node:stream';
import {
  type CompletedCommand,
  completedOptions,
  completionScript,
  type OptionDefinition,
  resolveOptions,
  shells,
} from '../../options/index.ts';
import { binlogOptionsFor } from '../binlog/options/index.ts';
import { certsProgram, contextOf } from '../certs/index.ts';
import type { CommandIo } from '../command-io.ts';
import { doctorProgram } from '../doctor/index.ts';
import { inspectOptions } from '../inspect/index.ts';
import { relayOptionTable } from '../relay/options.ts';
import { replicateOptionTable } from '../replicate/options.ts';
import { sqlOptionTable } from '../sql/options.ts';
import { commanderCommand } from './commander-command.ts';

const usage = `rowlock completion: what makes a shell complete rowlock's words

Usage: rowlock completion bash|zsh|fish

  bash   source <(rowlock completion bash)          in ~/.bashrc
  zsh    source <(rowlock completion zsh)           in ~/.zshrc, behind compinit
  fish   rowlock completion fish | source           in ~/.config/fish/config.fish
`;

/** Runs `rowlock completion`. Returns the exit status. */
export function runCompletion(io: CommandIo): number {
  const [word] = io.argv;
  const shell = shells.find((name) => name === word);
  const isHelp = ['--help', '-h', '-?'].includes(word ?? '');
  if (shell === undefined || io.argv.length > 1) {
    io[isHelp ? 'stdout' : 'stderr'].write(Buffer.from(usage));
    return isHelp ? 0 : 2;
  }
  // Commands are asked what they take, and none is run.
  const surroundings = contextOf({
    argv: [],
    env: {},
    cwd: io.cwd,
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    visit: () => Promise.reject(new Error('nobody is visited')),
  });
  const script = completionScript(shell, 'rowlock', {
    commands: {
      binlog: { options: completedOptions(binlogOptionsFor('mysql')) },
      inspect: { options: inspectOptions },
      relay: ofTable(relayOptionTable),
      replicate: ofTable(replicateOptionTable),
      sql: ofTable(sqlOptionTable),
      certs: commanderCommand(certsProgram(surroundings, () => undefined)),
      doctor: commanderCommand(doctorProgram(surroundings)),
      completion: { words: shells },
    },
  });
  io.stdout.write(Buffer.from(script));
  return 0;
}

function ofTable(table: readonly OptionDefinition[]): CompletedCommand {
  return { options: completedOptions(resolveOptions(table, 'mysql')) };
}
