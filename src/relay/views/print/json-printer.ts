import { ServerError } from '../../../errors/index.ts';
import { type Call, type Expression, notSupported } from '../../../sql/index.ts';
import { quote } from '../sqlite-text.ts';
import { asText } from './as-text.ts';
import { isNumber } from './domain.ts';
import type { FunctionEntry } from './function-entry.ts';
import type { Printing } from './printing.ts';

/** Prints a call as SQLite finds it. */
export type Print = (call: Call, entry: FunctionEntry, printing: Printing) => string;

/** ER_WRONG_PARAMCOUNT_TO_NATIVE_FCT */
export const wrongCount = (name: string): ServerError =>
  new ServerError(1582, '42000', `Incorrect parameter count in the call to native function '${name}'`);

/** A call that is told the family of the server first. */
export const flavored = (own: string, values: readonly string[], { context }: Printing): string =>
  `${own}(${[quote(context.flavor ?? 'mysql'), ...values].join(', ')})`;

/** A value inside a document. */
function json(value: Expression, printing: Printing): string {
  const { type, scale, isLong } = printing.domain(value);
  const exact = isLong === true ? printing.exact(value) : undefined;
  return `mysql_json(${exact ?? printing.expression(value)}, ${quote(type)}, ${scale})`;
}

/** A document, and paths with values in turn. */
const changing: Print = ({ values, name }, { own }, printing) => {
  if (values.length % 2 === 0) throw wrongCount(name);
  const printed = values.map((value, i) =>
    i > 0 && i % 2 === 0 ? json(value, printing) : printing.expression(value),
  );
  return `${own}(${printed.join(', ')})`;
};

/** Functions that make documents. */
export const jsonPrinters: Readonly<Record<string, Print>> = {
  JSON_OBJECT: ({ values, name }, { own }, printing) => {
    if (values.length % 2 === 1) throw wrongCount(name);
    const members = values.map((value, i) => (i % 2 === 0 ? asText(value, printing) : json(value, printing)));
    return flavored(own, members, printing);
  },
  JSON_QUOTE: ({ values }, { own }, printing) => {
    const domain = printing.domain(values[0]!);
    if (domain.type === 'json' || isNumber(domain)) throw notSupported('JSON_QUOTE of what is no text');
    return `${own}(${printing.expression(values[0]!)})`;
  },
  JSON_SET: changing,
  JSON_INSERT: changing,
  JSON_REPLACE: changing,
  'MEMBER OF': ({ values }, { own }, printing) =>
    `${own}(nullif(${json(values[0]!, printing)}, 'null'), ${printing.expression(values[1]!)})`,
  JSON_ARRAY: ({ values }, { own }, printing) =>
    `${own}(${values.map((value) => json(value, printing)).join(', ')})`,
  JSON_ARRAYAGG: ({ values }, { own }, printing) =>
    flavored(own, [`mysql_collected(${json(values[0]!, printing)})`], printing),
  JSON_OBJECTAGG: ({ values }, { own }, printing) => {
    const member = `mysql_json_member(${asText(values[0]!, printing)}, ${json(values[1]!, printing)})`;
    return flavored(own, [`mysql_collected(${member})`], printing);
  },
};
