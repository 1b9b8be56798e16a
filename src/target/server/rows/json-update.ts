import { type JsonDiff, jsonLegs, jsonPath } from '../../../binlog/index.ts';
import { jsonExpression, jsonString } from './json-expression.ts';

/** Tables that MySQL joins (MAX_TABLES is 61), less the one that is updated and the document before. */
const MOST_STEPS = 59;

/** What a partial update does in a column of MySQL. */
export interface JsonUpdate {
  /** What the document becomes, where it fits. */
  readonly made: string;
  /** Whether it has all the places that the steps name. */
  readonly fits: string;
}

/** Several steps read the document of the one before from a derived table, which MySQL keeps: so each is computed once. */
export function jsonUpdate(column: string, diffs: readonly JsonDiff[]): JsonUpdate {
  const [first] = diffs;
  if (first === undefined) return { made: column, fits: `${column} IS NOT NULL` };
  // A value that is put in can be long: here the statement holds it once.
  if (diffs.length === 1) return step(first, column);
  let document = column;
  for (let from = 0; from < diffs.length; from += MOST_STEPS) {
    const steps = diffs.slice(from, from + MOST_STEPS).map((diff, index) => {
      const { fits, made } = step(diff, `d${index}.x`);
      return ` JOIN LATERAL (SELECT IF(${fits},${made},NULL) AS x) d${index + 1}`;
    });
    document = `(SELECT d${steps.length}.x FROM (SELECT ${document} AS x) d0${steps.join('')})`;
  }
  return { made: document, fits: `${document} IS NOT NULL` };
}

function step({ operation, path, value }: JsonDiff, document: string): JsonUpdate {
  const legs = jsonLegs(path);
  const place = jsonString(jsonPath(legs));
  const has = `JSON_CONTAINS_PATH(${document},'one',${place})`;
  if (operation === 'remove') return { fits: has, made: `JSON_REMOVE(${document},${place})` };
  const given = `${document},${place},${jsonExpression(value!.node, false)}`;
  if (operation === 'replace') return { fits: has, made: `JSON_REPLACE(${given})` };
  const around = `JSON_TYPE(JSON_EXTRACT(${document},${jsonString(jsonPath(legs.slice(0, -1)))}))`;
  return typeof legs.at(-1) === 'number'
    ? { fits: `${around}='ARRAY'`, made: `JSON_ARRAY_INSERT(${given})` }
    : { fits: `${around}='OBJECT' AND NOT ${has}`, made: `JSON_INSERT(${given})` };
}
