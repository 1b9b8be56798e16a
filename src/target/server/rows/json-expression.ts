import {
  ColumnCode,
  JsonInteger,
  type JsonLeg,
  type JsonNode,
  JsonObject,
  JsonOpaque,
  jsonPath,
  printJson,
} from '../../../binlog/index.ts';
import { hexLiteral } from '../hex-literal.ts';

/** Text, as a string of MySQL's. */
export const jsonString = (text: string): string => `_utf8mb4 ${hexLiteral(text)}`;

/** A value that JSON text would make another one of, and where it stands. */
interface Place {
  readonly path: string;
  readonly sql: string;
}

/** Whole numbers beyond this are unsigned to MySQL's parser of JSON; others are not. */
const MOST_SIGNED = 0xffff_ffff;

/**
 * A document for a JSON column of MySQL: text where its parser makes the very same document of it, else an expression that puts what JSON
 * text has no words for (decimals, dates, bytes, whole numbers of the other sign) in its place.
 *
 * @param isAssigned text may stay a string, as the column makes a document of it
 */
export function jsonExpression(node: JsonNode, isAssigned: boolean): string {
  if (isTextual(node)) {
    const text = jsonString(printJson(node));
    return isAssigned ? text : `CAST(${text} AS JSON)`;
  }
  const places: Place[] = [];
  const text = jsonString(printJson(withoutPlaces(node, [], places)));
  const changes = places.map(({ path, sql }) => `,${jsonString(path)},${sql}`).join('');
  return `JSON_REPLACE(CAST(${text} AS JSON)${changes})`;
}

/** Whether MySQL's parser makes the same of its text. */
function isTextual(node: JsonNode): boolean {
  if (typeof node !== 'object' || node === null) return true;
  if (node instanceof JsonInteger) return node.unsigned === node.value > MOST_SIGNED;
  if (node instanceof JsonOpaque) return false;
  if (node instanceof JsonObject) return node.entries.every(([, value]) => isTextual(value));
  return node.every(isTextual);
}

/** The same with null wherever text does not do. */
function withoutPlaces(node: JsonNode, legs: JsonLeg[], places: Place[]): JsonNode {
  const within = (leg: JsonLeg, value: JsonNode): JsonNode => {
    legs.push(leg);
    const plain = withoutPlaces(value, legs, places);
    legs.pop();
    return plain;
  };
  if (node instanceof JsonObject)
    return new JsonObject(node.entries.map(([key, value]) => [key, within(key, value)] as const));
  if (Array.isArray(node)) return (node as readonly JsonNode[]).map((value, index) => within(index, value));
  if (isTextual(node)) return node;
  places.push({ path: jsonPath(legs), sql: scalar(node as JsonInteger | JsonOpaque) });
  return null;
}

/** What makes a scalar that its text does not. */
function scalar(node: JsonInteger | JsonOpaque): string {
  if (node instanceof JsonOpaque) return (OPAQUE[node.type] ?? bytesOf)(node);
  return `CAST(${node.value} AS ${node.unsigned ? 'UNSIGNED' : 'SIGNED'})`;
}

type Opaque = (node: JsonOpaque) => string;

const bytesOf: Opaque = ({ bytes }) => `_binary ${hexLiteral(bytes)}`;

const temporal =
  (type: string): Opaque =>
  (node) =>
    `CAST('${printJson(node, false)}' AS ${type})`;

/** What MySQL's TIMESTAMP holds in the session's time zone, which is UTC. */
const LEAST_TIMESTAMP = '1970-01-01 00:00:01';
const MOST_TIMESTAMP = '2038-01-19 03:14:07.499999';

/** Columns of these types alone make values of them: JSON_TABLE has such, from MySQL 8.0.4. Before, what the column is made of stands alone. */
const asColumn = (type: string, value: string): string =>
  `/*!80004 (SELECT c FROM JSON_TABLE(JSON_ARRAY( */ ${value} /*!80004 ),'$[0]' COLUMNS(c ${type} PATH '$')) v) */`;

/** Bytes get the type of the longest that a branch never taken could give. */
const asLong =
  (length: number): Opaque =>
  (node) =>
    `IF(FALSE,REPEAT(_binary x'00',${length}),${bytesOf(node)})`;

const blob: Opaque = (node) => asColumn('BLOB', bytesOf(node));

/** By the type of an opaque value; any other is bytes of VARBINARY. */
const OPAQUE: Readonly<Record<number, Opaque>> = {
  // With a point it is a decimal, of as many digits as are written.
  [ColumnCode.NEWDECIMAL]: (node) => printJson(node).replace(/^-?\d+$/, '$&.'),
  [ColumnCode.DATE]: temporal('DATE'),
  [ColumnCode.TIME]: temporal('TIME(6)'),
  [ColumnCode.DATETIME]: temporal('DATETIME(6)'),
  [ColumnCode.TIMESTAMP]: (node) => {
    const [text, value] = [printJson(node, false), temporal('DATETIME(6)')(node)];
    return text < LEAST_TIMESTAMP || text > MOST_TIMESTAMP ? value : asColumn('TIMESTAMP(6)', value);
  },
  [ColumnCode.BIT]: ({ bytes }) =>
    asColumn(`BIT(${bytes.length * 8})`, `CAST(${hexLiteral(bytes)} AS UNSIGNED)`),
  [ColumnCode.STRING]: (node) => asColumn(`BINARY(${node.bytes.length})`, bytesOf(node)),
  [ColumnCode.TINY_BLOB]: blob,
  [ColumnCode.BLOB]: blob,
  [ColumnCode.MEDIUM_BLOB]: asLong(0x1_0000),
  [ColumnCode.LONG_BLOB]: asLong(0x100_0000),
};
