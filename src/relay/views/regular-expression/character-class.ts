export type CharacterTest = (character: string) => boolean;

/** `\d` and its kin. */
export const CLASSES: Readonly<Record<string, CharacterTest>> = {
  d: (character) => /[0-9]/.test(character),
  D: (character) => !/[0-9]/.test(character),
  w: (character) => /[\p{L}\p{N}_]/u.test(character),
  W: (character) => !/[\p{L}\p{N}_]/u.test(character),
  s: (character) => /\s/.test(character),
  S: (character) => !/\s/.test(character),
};

/** `[:alpha:]` and its kin; letters are of no case. */
export const NAMED_CLASSES: Readonly<Record<string, CharacterTest>> = {
  alpha: (character) => /\p{L}/u.test(character),
  digit: CLASSES['d']!,
  alnum: (character) => /[\p{L}\p{N}]/u.test(character),
  space: CLASSES['s']!,
  upper: (character) => /\p{L}/u.test(character),
  lower: (character) => /\p{L}/u.test(character),
  punct: (character) => /[\p{P}\p{S}]/u.test(character),
};

/** The same where case matters. */
export const CASED_CLASSES: Readonly<Record<string, CharacterTest>> = {
  upper: (character) => /\p{Lu}/u.test(character),
  lower: (character) => /\p{Ll}/u.test(character),
};

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

/** What a backslash and this character stand for. */
export function escapedTest(character: string): CharacterTest {
  const plain = ESCAPED[character] ?? character;
  return CLASSES[character] ?? ((each) => each === plain);
}

/** Whether a character is part of a word; the ends of a text are not. */
export const isWord = (character: string | undefined): boolean =>
  character !== undefined && CLASSES['w']!(character);
