import { Writer } from '../../bytes/index.ts';
import { ColumnCode } from '../columns/column-code.ts';
import { writeDecimal } from '../columns/decimal/decimal.ts';
import { JsonOpaque } from './node.ts';
import { printDouble } from './print.ts';

/** DECIMAL_MAX_PRECISION and DECIMAL_MAX_SCALE */
const MAX_PRECISION = 65;
const MAX_SCALE = 30;

/** The DECIMAL that is printed as this number without an exponent; undefined: a double is, or there is no such DECIMAL. */
export function decimalNode(text: string): JsonOpaque | undefined {
  if (printDouble(Number(text)) === text) return undefined;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const precision = (whole === '0' ? 0 : whole.length) + fraction.length;
  if (precision > MAX_PRECISION || fraction.length > MAX_SCALE) return undefined;
  const writer = new Writer();
  writer.u8(Math.max(precision, 1));
  writer.u8(fraction.length);
  writeDecimal(writer, text, Math.max(precision, 1), fraction.length);
  return new JsonOpaque(ColumnCode.NEWDECIMAL, writer.take());
}
