/** Names of schemas may hold what names of files may not. */
export function fileName(schema: string): string {
  const safe = schema.replace(
    /[^\w\u0080-\uFFFF -]/g,
    (character) => `%${character.codePointAt(0)!.toString(16).padStart(2, '0')}`,
  );
  return `${safe === 'rowlock' ? '%72owlock' : safe}.sqlite`;
}
