import { completionScript, resolveOptions, shells } from '../../options/index.ts';
import { binlogOptionsFor } from '../binlog/options/index.ts';
import { certsCommands } from '../certs/commands/index.ts';
import type { CommandIo } from '../command-io.ts';
import { relayOptionTable } from '../relay/options.ts';
import { replicateOptionTable } from '../replicate/options.ts';
import { sqlOptionTable } from '../sql/options.ts';

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
  const script = completionScript(shell, 'rowlock', {
    binlog: { options: binlogOptionsFor('mysql') },
    inspect: {},
    relay: { options: resolveOptions(relayOptionTable, 'mysql') },
    replicate: { options: resolveOptions(replicateOptionTable, 'mysql') },
    sql: { options: resolveOptions(sqlOptionTable, 'mysql') },
    certs: { words: certsCommands },
    doctor: {},
    completion: { words: shells },
  });
  io.stdout.write(Buffer.from(script));
  return 0;
}
