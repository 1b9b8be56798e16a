/** MySQL's programs, and our other commands, answer `-?` with their help; commander knows two spellings of an option at most. */
export const helpWord = (word: string): string => (word === '-?' ? '--help' : word);
