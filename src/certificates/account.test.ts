import { describe, expect, test } from 'vitest';
import { accountStatements, quoteAccount } from './account.ts';

describe('account statements', () => {
  test.each([
    ['app', "'app'@'%'"],
    ['app@10.0.0.%', "'app'@'10.0.0.%'"],
    ['a@b@host', "'a@b'@'host'"],
    ["o'neill@%", "'o''neill'@'%'"],
    ["'x y'@'localhost'", "'x y'@'localhost'"],
    ["'it''s'", "'it''s'@'%'"],
    ['back\\slash@10.%', "`back\\slash`@'10.%'"],
    ['a`\\b', "`a``\\b`@'%'"],
    ['`a``\\b`@`10.\\_`', '`a``\\b`@`10.\\_`'],
    ['`plain`@`%`', "'plain'@'%'"],
  ])('%s is quoted as %s', (text, expected) => {
    expect(quoteAccount(text)).toBe(expected);
  });

  test('names in slash form survive the literal', () => {
    const { create, grant } = accountStatements(
      "'a'@'%'",
      { subject: "/CN=O'Neill", issuer: '/CN=\\xC3\\x84' },
      'subject-issuer',
    );
    expect(create).toBe(
      "CREATE USER 'a'@'%' REQUIRE SUBJECT '/CN=O''Neill' AND ISSUER '/CN=\\\\xC3\\\\x84';",
    );
    expect(grant).toBe(
      "GRANT USAGE ON *.* TO 'a'@'%' REQUIRE SUBJECT '/CN=O''Neill' AND ISSUER '/CN=\\\\xC3\\\\x84';",
    );
  });
});
