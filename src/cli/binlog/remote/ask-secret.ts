import { closeSync, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';

const TERMINAL = process.platform === 'win32' ? '\\\\.\\CONIN$' : '/dev/tty';

/** The user pressed Ctrl-C at a prompt. */
export class Interrupted extends Error {
  static readonly exitStatus = 128 + 2;
}

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
  try {
    terminal.setRawMode(true);
    writeSync(fd, question);
    return await readHiddenLine(terminal);
  } finally {
    terminal.setRawMode(false);
    writeSync(fd, '\n');
    terminal.destroy();
  }
}

/** A line in raw mode: the terminal edits nothing, so rubbing out is ours. */
function readHiddenLine(terminal: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    terminal.setEncoding('utf8');
    terminal.once('error', reject);
    terminal.once('end', () => resolve(text));
    terminal.on('data', (chunk) => {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n' || character === '\u0004') return resolve(text);
        if (character === '\u0003') return reject(new Interrupted('interrupted'));
        if (character === '\u0015') text = '';
        else if (character === '\u007f' || character === '\b') text = text.replace(/.$/su, '');
        else text += character;
      }
    });
  });
}
