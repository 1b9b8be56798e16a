import { homedir } from 'node:os';
import { createInterface, type Interface } from 'node:readline';
import type { Connection } from '../../connection/index.ts';
import type { SqlClient } from './client.ts';
import type { ClientOutput } from './client-output.ts';
import { readHistory, writeHistory } from './history.ts';
import type { Interrupts } from './interrupts.ts';
import { type PromptFacts, promptText } from './prompt.ts';
import { StatementSplitter } from './statement-splitter.ts';

export interface Conversation {
  readonly output: ClientOutput;
  readonly interrupts: Interrupts;
  readonly delimiter: string | undefined;
  readonly silent: boolean;
  /** With mysql's escapes. */
  readonly prompt: string;
  readonly facts: Pick<PromptFacts, 'user' | 'host' | 'port' | 'version'>;
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** A person types. */
export async function converse(
  client: SqlClient,
  { serverVersion, connectionId }: Connection,
  { output, interrupts, delimiter, silent, prompt, facts }: Conversation,
): Promise<void> {
  if (!silent) {
    output.say(
      `Connection ${connectionId} to ${serverVersion}. Statements end in ; or \\g. Type \\h for help.\n\n`,
    );
  }
  const home = homedir();
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    history: readHistory(home),
    historySize: 500,
    removeHistoryDuplicates: true,
  });
  output.atTerminal = (run) => withoutRawMode(lines, run);
  const splitter = new StatementSplitter(delimiter);
  const ask = (): void => {
    const { schema, count } = client;
    const first = promptText(client.prompt ?? prompt, {
      ...facts,
      schema,
      count: count + 1,
      delimiter: splitter.delimiter,
      now: new Date(),
    });
    const isInside = splitter.pending || splitter.open !== '';
    lines.setPrompt(
      isInside ? `${{ '': '-', '*': '/*' }[splitter.open] ?? splitter.open}> `.padStart(first.length) : first,
    );
    lines.prompt();
  };
  let kept: readonly string[] = [];
  lines.on('history', (history) => {
    kept = [...history];
  });
  let isRunning = false;
  lines.on('SIGINT', () => {
    if (isRunning) {
      void interrupts.killQuery();
      return;
    }
    // As with mysql: what was typed is forgotten.
    splitter.clear();
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
    output.say('^C\n');
    ask();
  });
  ask();
  try {
    for await (const line of lines) {
      isRunning = true;
      if (!(await client.runLine(splitter, latin1(line)))) return;
      isRunning = false;
      ask();
    }
    output.say('\n');
  } finally {
    lines.close();
    if (kept.length > 0) writeHistory(home, kept);
  }
}

/** Another program has the terminal: keys are not ours meanwhile. */
function withoutRawMode(lines: Interface, run: () => void): void {
  lines.pause();
  process.stdin.setRawMode(false);
  try {
    run();
  } finally {
    process.stdin.setRawMode(true);
    lines.resume();
  }
}
