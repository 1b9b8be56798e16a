import { UsageError } from '../../errors/index.ts';
import type { Argument } from '../../options/index.ts';
import { parseServerUrl } from '../../target/index.ts';
import { connectionOptions, urlOptions } from './options.ts';

const WORD = '--source';

/** The words with the URL of the source as the options that it stands for, in its place. @throws UsageError */
export function spellOutSource(words: readonly Argument[]): Argument[] {
  const spelled: Argument[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const { text, fromFile } = word;
    if (text === '--') return [...spelled, ...words.slice(at)];
    let url = text.startsWith(`${WORD}=`) ? text.slice(WORD.length + 1) : undefined;
    if (text === WORD && !fromFile) {
      at += 1;
      url = words[at]?.text;
    }
    if (url === undefined) spelled.push(word);
    else for (const spelling of spellOut(url)) spelled.push({ text: spelling, fromFile });
  }
  return spelled;
}

/** The URL of a server as options. @throws UsageError */
export function spellOut(url: string): string[] {
  const { host, port, user, password, options } = parseServerUrl(url);
  const words: string[] = [];
  if (host !== '') words.push(`--host=${host}`);
  if (port !== undefined) words.push(`--port=${port}`);
  // By its name alone, localhost would be its socket.
  if (port !== undefined && !options.some(([name]) => name === 'socket' || name === 'protocol'))
    words.push('--protocol=TCP');
  if (user !== undefined) words.push(`--user=${user}`);
  if (password !== undefined) words.push(`--password=${password}`);
  for (const [given, value] of options) {
    const option = connectionOptions.find(
      ({ name }) => urlOptions.has(name) && dashed(name) === dashed(given),
    );
    if (option === undefined) {
      throw new UsageError(`the URL of a server has no option '${given}'`, {
        hint: `It may have ${[...urlOptions].join(', ')}.`,
      });
    }
    // By its name alone it would take the next word for its value, where it needs one.
    const isBare = value === undefined && option.argument !== 'required';
    words.push(isBare ? `--${option.name}` : `--${option.name}=${value ?? ''}`);
  }
  return words;
}

/** Dashes and underscores are the same in names of options. */
const dashed = (name: string): string => name.replaceAll('_', '-');
