/** A long option of any program that takes a password or passphrase. */
const LONG = /^(--[a-z0-9_-]*pass[a-z0-9_-]*=).+$/i;
/** `-psecret`, also at the end of a bundle: `-Rpsecret`. */
const SHORT = /^(-[A-Za-z?#]*?p).+$/;

/** `mysql://user:secret@host`, wherever it stands in a word, and whatever is in the secret that a URL does not allow. */
const URL = /\b((?:mysql|mariadb):\/\/[^:/?#@]*:)\S*(?=@)/gi;

/** The words with an x for every secret, as MySQL's clients show themselves in the list of processes. */
export function withoutSecrets(words: readonly string[]): readonly string[] {
  return words.map((word) =>
    (word.startsWith('--') ? word.replace(LONG, '$1x') : word.replace(SHORT, '$1x')).replace(URL, '$1x'),
  );
}

/** Takes secrets of the command line out of the list of processes. There is a moment before, as with MySQL's clients. */
export function hideSecrets(): void {
  const words = [...process.execArgv, ...process.argv.slice(1)];
  const shown = withoutSecrets(words);
  if (shown.some((word, at) => word !== words[at])) process.title = [process.argv0, ...shown].join(' ');
}
