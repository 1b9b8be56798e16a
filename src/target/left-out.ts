import { CatalogError } from './schema/index.ts';

/** Of a row, named by its key, that is to be what the source has, where the log does not say all of it. */
export function leftOut(
  { schema, name }: { readonly schema: string; readonly name: string },
  key: string,
): CatalogError {
  return new CatalogError(
    `a row of ${schema}.${name} (${key}) cannot be overwritten: the log leaves columns of it out`,
    {
      context: { table: `${schema}.${name}` },
      hint: 'Set binlog_row_image=FULL on the source.',
    },
  );
}
