import { isAbsolute, join } from 'node:path';
import { CertificateError, limits, readText } from '../../certificates/index.ts';
import type { CertsContext, CommonOptions } from './context.ts';

/** Environment variable with the passphrase of the authority's key. */
export const PASSPHRASE_VARIABLE = 'ROWLOCK_PASSPHRASE';

/**
 * Where the passphrase comes from: the first line of `--passphrase-file` (`-` is standard input), the environment, or the
 * terminal. Never the command line, which every process on the machine can read. Asked for once.
 */
export function passphraseSource(
  context: CertsContext,
  options: CommonOptions,
  twice = false,
): () => Promise<string | undefined> {
  let answer: Promise<string | undefined> | undefined;
  return () => (answer ??= find(context, options, twice));
}

async function find(
  context: CertsContext,
  options: CommonOptions,
  twice: boolean,
): Promise<string | undefined> {
  const file = options.passphraseFile;
  if (file === '-') return firstLine(await readAll(context));
  if (file !== undefined) {
    const path = isAbsolute(file) ? file : join(context.cwd, file);
    const text = await readText(path, limits.passphraseBytes + 2);
    if (text === undefined)
      throw new CertificateError('CERTIFICATE_PASSPHRASE', 'no such passphrase file', {
        context: { file: path },
      });
    return firstLine(text);
  }
  const variable = context.env[PASSPHRASE_VARIABLE];
  if (variable !== undefined && variable !== '') return variable;
  if (context.stdin.isTTY !== true || context.stdin.setRawMode === undefined) return undefined;
  const first = await ask(context, 'Passphrase of the authority: ');
  if (twice && (await ask(context, 'Once more: ')) !== first) {
    throw new CertificateError('CERTIFICATE_PASSPHRASE', 'the two passphrases differ');
  }
  return first;
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? '';
}

async function readAll(context: CertsContext): Promise<string> {
  let text = '';
  for await (const chunk of context.stdin) {
    text += String(chunk);
    if (text.length > limits.passphraseBytes * 2) break;
  }
  return text;
}

/** Reads a line from the terminal without showing it. */
function ask(context: CertsContext, question: string): Promise<string> {
  const { stdin, stderr } = context;
  // In this order: what is typed as soon as the question is there is not shown either.
  stdin.setRawMode?.(true);
  stderr.write(question);
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (action: () => void): void => {
      stdin.off('data', read);
      stdin.off('end', hangUp);
      stdin.setRawMode?.(false);
      stdin.pause();
      stderr.write('\n');
      action();
    };
    function hangUp(): void {
      finish(() => reject(new CertificateError('CERTIFICATE_PASSPHRASE', 'no passphrase was given')));
    }
    function read(chunk: unknown): void {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n') return finish(() => resolve(text));
        // Ctrl-C and Ctrl-D.
        if (character === '\u0003' || character === '\u0004') return hangUp();
        text = character === '\u007f' || character === '\b' ? text.slice(0, -1) : text + character;
      }
    }
    stdin.on('data', read);
    stdin.once('end', hangUp);
    stdin.resume();
  });
}
