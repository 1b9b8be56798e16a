import { quoteName } from '../sqlite-text.ts';
import type { Printing } from './printing.ts';

/** A column as it is kept. What stands for a table has its name, and no schema. */
export function plainColumn(path: readonly string[], { context }: Printing): string {
  const names = path.map(quoteName);
  const [schema, table] = path.map((name) => quoteName(name.toLowerCase()));
  return names.slice(path.length > 2 && context.readings?.has(`${schema}.${table}`) ? 1 : 0).join('.');
}
