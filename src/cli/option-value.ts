/** A value of an option file: quoted when it has characters the file gives a meaning. */
export function optionValue(value: string): string {
  return /[\s#"'\\]/.test(value) ? `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : value;
}
