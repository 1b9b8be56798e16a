/** The last line of what a program printed: of a query with one row, that row. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1)!.trim();
