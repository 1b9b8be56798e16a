import { closeSync, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';

const TERMINAL = process.platform === 'win32' ? '\\\\.\\CONIN$' : '/dev/tty';

/**
 * Asks on the terminal, whatever standard input and output are, and does not show the answer. Undefined: there is no terminal.
 */
export async function askSecret(question: string): Promise<string | undefined> {
  let fd: number;
  try {
    fd = openSync(TERMINAL, 'r+');
  } catch {
    return undefined;
  }
  let terminal: ReadStream;
  try {
    terminal = new ReadStream(fd);
  } catch {
    closeSync(fd);
    return undefined;
  }
  let answer: string | undefined;
  try {
    terminal.setRawMode(true);
    writeSync(fd, question);
    answer = await readHiddenLine(terminal);
    return answer;
  } finally {
    terminal.setRawMode(false);
    writeSync(fd, '\n');
    terminal.destroy();
    // In raw mode Ctrl-C is a byte like others: what it asks for is done once the terminal is itself again.
    if (answer === undefined) process.kill(process.pid, 'SIGINT');
  }
}

/** A line in raw mode: the terminal edits nothing, so rubbing out is ours. Undefined: Ctrl-C. */
function readHiddenLine(terminal: ReadStream): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let text = '';
    terminal.setEncoding('utf8');
    terminal.once('error', reject);
    terminal.once('end', () => resolve(text));
    terminal.on('data', (chunk) => {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n' || character === '\u0004') return resolve(text);
        if (character === '\u0003') return resolve(undefined);
        if (character === '\u0015') text = '';
        else if (character === '\u007f' || character === '\b') text = text.replace(/.$/su, '');
        else text += character;
      }
    });
  });
}
