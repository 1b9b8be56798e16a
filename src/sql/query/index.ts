export { parseQuery } from './parse-query.ts';
export { notSupported } from './refusals.ts';
export { reservedWords } from './reserved-words.ts';
export type {
  BinaryOperator,
  Call,
  CommonTable,
  Expression,
  Order,
  Query,
  Select,
  SelectItem,
  SetOperator,
  Source,
  ValueRows,
  Window,
} from './tree.ts';
