import { ServerError } from '../../../errors/index.ts';
import type { Expression } from '../../../sql/index.ts';
import { dateFields } from '../dates/fields.ts';
import { keptMoment } from '../dates/moment-order.ts';
import { literal, quote } from '../sqlite-text.ts';
import { type Domain, isOfDays } from './domain.ts';
import type { Printing } from './printing.ts';

/** A number that stands for a date: `20261121`. */
const isDateNumber = (expression: Expression): boolean =>
  expression.kind === 'number' && /^\d+$/.test(expression.text) && dateFields(expression.text) !== undefined;

const TEXTS: ReadonlySet<Domain['type']> = new Set(['datetime', 'text', 'null']);

/**
 * Moments that are compared with each other or with texts, as SQLite compares them like the servers. A column of dates stays as it is kept, so
 * that its index is of use, and the others become texts of its form. Undefined: they are no such.
 */
export function comparedMoments(
  sides: readonly Expression[],
  printing: Printing,
): readonly string[] | undefined {
  const domains = sides.map((side) => printing.domain(side));
  if (!domains.some(({ type }) => type === 'datetime')) return undefined;
  const isTime = domains.some(({ moment }) => moment === 'time');
  if (!sides.every((side, i) => TEXTS.has(domains[i]!.type) || (!isTime && isDateNumber(side))))
    return undefined;
  if (
    domains.some(({ type }) => type === 'text') &&
    sides.every((side, i) => isText(side, domains[i]!, printing))
  )
    return undefined;
  const kept = sides.findIndex((side, i) => side.kind === 'column' && isOfDays(domains[i]!));
  if (kept >= 0)
    return sides.map((side, i) =>
      i === kept ? printing.expression(side) : momentOfForm(side, domains[kept]!, printing),
    );
  const [first] = domains;
  const isOneForm = domains.every((domain) => isOfDays(domain) && hasForm(domain, first!));
  return sides.map((side) =>
    isOneForm ? printing.expression(side) : momentOrder(side, isTime ? 'time' : undefined, printing),
  );
}

/** What is made of a text is one beside texts; so, to MySQL, are times that are no column's. */
function isText({ kind }: Expression, { type, moment }: Domain, { context }: Printing): boolean {
  if (type !== 'datetime') return true;
  return kind !== 'column' && (moment === undefined || (moment === 'time' && context.flavor !== 'mariadb'));
}

const hasForm = (domain: Domain, form: Domain): boolean =>
  domain.type === form.type && domain.moment === form.moment && domain.scale === form.scale;

/** A date with a time of day or without, with the digits of a second, that values of the form are kept with. */
export function momentOfForm(expression: Expression, form: Domain, printing: Printing): string {
  const sql = printing.expression(expression);
  if (hasForm(printing.domain(expression), form)) return sql;
  const { flavor = 'mysql' } = printing.context;
  const { moment = 'datetime', scale } = form;
  if (expression.kind === 'string') return literal(keptMoment(flavor, expression.value, moment, scale));
  return `mysql_moment(${quote(flavor)}, ${sql}, ${quote(moment)}, ${scale})`;
}

/** What sorts as the moment does. */
export const momentOrder = (expression: Expression, kind: 'time' | undefined, printing: Printing): string =>
  `mysql_moment_order(${printing.expression(expression)}${kind === undefined ? '' : `, ${quote(kind)}`})`;

/** MySQL compares no date with a text that is none. @throws ServerError 1525 */
export function checkDates(sides: readonly Expression[], printing: Printing): void {
  if (printing.context.flavor === 'mariadb') return;
  const moment = sides.map((side) => printing.domain(side)).find(isOfDays)?.moment;
  const wrong = sides.find((side) => side.kind === 'string' && dateFields(side.value) === undefined);
  // ER_WRONG_VALUE
  if (moment !== undefined && wrong?.kind === 'string')
    throw new ServerError(1525, 'HY000', `Incorrect ${moment.toUpperCase()} value: '${wrong.value}'`);
}
