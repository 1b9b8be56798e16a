import { expect, it } from 'vitest';
import { hexLiteral } from './hex-literal.ts';

it('writes no text as no bytes: MariaDB takes quotes with nothing between for NULL under EMPTY_STRING_IS_NULL', () => {
  expect([hexLiteral(''), hexLiteral(Buffer.alloc(0)), hexLiteral('é')]).toEqual(["x''", "x''", "x'c3a9'"]);
});
