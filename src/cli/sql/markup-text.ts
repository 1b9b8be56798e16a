import { type LayoutOptions, nameOf, type Rows, writerOf } from './result-text.ts';

/** A NUL, which neither can hold, is a space, as with mysql. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\0': ' ',
};
const quoted = (text: string): string => text.replaceAll(/[&<>"\0]/g, (character) => ENTITIES[character]!);

/** `--xml`: a document for each statement, which stands in it; one without rows, too. */
export function xml({ columns, rows }: Rows, statement: string, options: LayoutOptions): string {
  const fields = columns.map((column) => `\t<field name="${quoted(nameOf(column))}"`);
  const writers = columns.map((column) => writerOf(column, options));
  const row = (values: Rows['rows'][number]): string => {
    const lines = values.map((value, i) =>
      value === null
        ? `${fields[i]!} xsi:nil="true" />\n`
        : `${fields[i]!}>${quoted(writers[i]!(value))}</field>\n`,
    );
    return `\n  <row>\n${lines.join('')}  </row>\n`;
  };
  return (
    `<?xml version="1.0"?>\n\n<resultset statement="${quoted(statement)}"` +
    ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${rows.map(row).join('')}</resultset>\n`
  );
}

/** `--html`: a table for each result. Without names the row that would hold them is still begun, as by mysql. */
export function html({ columns, rows }: Rows, options: LayoutOptions): string {
  const head = options.columnNames
    ? `${columns.map((column) => `<TH>${quoted(nameOf(column)) || ' &nbsp; '}</TH>`).join('')}</TR>`
    : '';
  const writers = columns.map((column) => writerOf(column, options));
  const row = (values: Rows['rows'][number]): string =>
    `<TR>${values.map((value, i) => `<TD>${value === null ? 'NULL' : quoted(writers[i]!(value))}</TD>`).join('')}</TR>`;
  return `<TABLE BORDER=1><TR>${head}${rows.map(row).join('')}</TABLE>`;
}
