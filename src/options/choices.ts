/**
 * The one of `values` that `text` means: the whole word or a prefix that only one has, in any case. Undefined when there
 * is none, or more than one.
 */
export function findChoice(values: readonly string[], text: string): string | undefined {
  const wanted = text.toUpperCase();
  const exact = values.find((value) => value.toUpperCase() === wanted);
  if (exact !== undefined) return exact;
  const matches = values.filter((value) => value.toUpperCase().startsWith(wanted));
  return matches.length === 1 ? matches[0] : undefined;
}

/** What both real programs print for a word that is none of `values`. Their exit status is 1. */
export function unknownChoice(values: readonly string[], text: string, name: string): readonly string[] {
  return [
    text === '' ? `No option given to ${name}` : `Unknown option to ${name}: ${text}`,
    `Alternatives are: ${values.map((value) => `'${value}'`).join(',')}`,
  ];
}
