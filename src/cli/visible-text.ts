/** A line for a terminal of what others wrote: control characters, by which a server could rewrite the screen, become `?`. */
export const visibleText = (text: string): string => text.replaceAll(/\p{Cc}/gu, '?');
