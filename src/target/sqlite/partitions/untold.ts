/** In which partition a row lies cannot be told as surely as the source knows it. The message says why. */
export class Untold extends Error {}
