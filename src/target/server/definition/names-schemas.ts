import type { TableStatement } from '../../../sql/index.ts';
import { namesOf } from './fingerprint.ts';

/** Whether a statement says of all that it is about in which schema it is: it means the same whatever the default schema. */
export function namesSchemas(statement: TableStatement): boolean {
  const like = statement.kind === 'createTable' && statement.like !== undefined ? [statement.like] : [];
  const names = [...namesOf(statement, ''), ...like];
  return names.length > 0 && names.every(({ schema = '' }) => schema !== '');
}
