/** Ends a statement in the text, so that a semicolon inside it does not. */
export const DELIMITER = '/*!*/;';

/** The same at the end of a line. */
export const END: string = `${DELIMITER}\n`;
