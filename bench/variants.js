import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { servers } from './logs.js';

const ROWLOCK = join(import.meta.dirname, '../bin/rowlock');

/** Our command line; `tool` chooses whose options it takes. */
export function ours(args, files) {
  if (!existsSync(join(import.meta.dirname, '../dist/cli'))) throw new Error('not built: npm run build');
  const words = [ROWLOCK, 'binlog', '--no-defaults', ...args];
  return { name: `rowlock binlog ${args.join(' ')}`.trim(), command: process.execPath, args: words, files };
}

/** The real tool of a server. */
export function real(server, args, files) {
  const { server: owner, tool } = servers.SERVERS[server].binlogTool;
  const line = servers.programCommand(owner, tool);
  const name = `${tool} ${args.join(' ')}`.trim();
  return {
    name,
    command: line.command,
    args: [...line.args, '--no-defaults', ...args],
    env: line.env,
    files,
  };
}
