/** Values by name, in lower case. */
export type Values = ReadonlyMap<string, string>;
