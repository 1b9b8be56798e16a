import { ServerError } from '../../../errors/index.ts';
import type { Expression } from '../../../sql/index.ts';
import { dateFields, timeFields } from './fields.ts';
import { formatMoment, momentOf } from './moments.ts';
import { formatTime, timeOf, withDigits } from './times.ts';

type MomentLiteral = Extract<Expression, { kind: 'moment' }>;

/** How each kind is written; null or undefined: the text is none. */
const TEXTS: Readonly<Record<MomentLiteral['type'], (text: string) => string | null | undefined>> = {
  DATE: (text) => momentText(text, false),
  DATETIME: (text) => momentText(text, true),
  TIME: (text) => {
    const time = timeFields(text)?.date === undefined ? timeOf(text) : undefined;
    return time === undefined ? undefined : formatTime(time);
  },
};

function momentText(text: string, hasTime: boolean): string | null | undefined {
  const moment = dateFields(text)?.hasTime === hasTime ? momentOf(text) : undefined;
  return moment === undefined ? undefined : formatMoment(moment);
}

/** Digits behind the point that were written. */
export const literalScale = ({ text }: MomentLiteral): number =>
  Math.min(/\.(\d*)\s*$/.exec(text)?.[1]?.length ?? 0, 6);

/** `DATE '2026-11-2'` as the servers write its value. @throws ServerError 1525 */
export function literalText(literal: MomentLiteral): string {
  const { type, text } = literal;
  const written = TEXTS[type](text);
  // ER_WRONG_VALUE
  if (written === undefined || written === null)
    throw new ServerError(1525, 'HY000', `Incorrect ${type} value: '${text}'`);
  return withDigits(written, literalScale(literal));
}
