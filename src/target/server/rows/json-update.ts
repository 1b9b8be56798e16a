import { type JsonDiff, jsonLegs, jsonPath } from '../../../binlog/index.ts';
import { jsonExpression, jsonString } from './json-expression.ts';

/** Tables that MySQL joins (MAX_TABLES is 61), less the one that is updated and the document before. */
const MOST_STEPS = 59;

/**
 * What a partial update makes of the document in a column of MySQL; NULL where a step names a place that it does not have.
 *
 * Each step reads the document of the one before from a derived table, which MySQL keeps: so it is computed once.
 */
export function jsonUpdate(column: string, diffs: readonly JsonDiff[]): string {
  if (diffs.length === 0) return column;
  if (diffs.length === 1) return step(diffs[0]!, column);
  let document = column;
  for (let from = 0; from < diffs.length; from += MOST_STEPS) {
    const steps = diffs
      .slice(from, from + MOST_STEPS)
      .map((diff, index) => ` JOIN LATERAL (SELECT ${step(diff, `d${index}.x`)} AS x) d${index + 1}`);
    document = `(SELECT d${steps.length}.x FROM (SELECT ${document} AS x) d0${steps.join('')})`;
  }
  return document;
}

/** One step, or NULL where the document has no such place. */
function step({ operation, path, value }: JsonDiff, document: string): string {
  const legs = jsonLegs(path);
  const last = legs.at(-1);
  const place = jsonString(jsonPath(legs));
  const has = `JSON_CONTAINS_PATH(${document},'one',${place})`;
  if (operation === 'remove') return `IF(${has},JSON_REMOVE(${document},${place}),NULL)`;
  const made = jsonExpression(value!.node, false);
  if (operation === 'replace') return `IF(${has},JSON_REPLACE(${document},${place},${made}),NULL)`;
  const around = `JSON_TYPE(JSON_EXTRACT(${document},${jsonString(jsonPath(legs.slice(0, -1)))}))`;
  return typeof last === 'number'
    ? `IF(${around}='ARRAY',JSON_ARRAY_INSERT(${document},${place},${made}),NULL)`
    : `IF(${around}='OBJECT' AND NOT ${has},JSON_INSERT(${document},${place},${made}),NULL)`;
}
