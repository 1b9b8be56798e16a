import { expect, test } from 'vitest';
import { statementText } from './statement-reading.ts';

test.each([
  ['latin1_swedish_ci', 8, 'é'],
  ['utf8mb4_0900_ai_ci', 255, '\uFFFD'],
  ['a character set that the event does not tell', undefined, '\uFFFD'],
])('a statement is read in the character set of its client: %s', (_, client, text) => {
  const query = {
    status: {
      bytes: Buffer.of(),
      ...(client !== undefined && { charset: { client, connection: client, server: client } }),
    },
    statement: Buffer.from("COMMENT 'é'", 'latin1'),
  };
  expect(statementText(query, 'mysql')).toBe(`COMMENT '${text}'`);
});
