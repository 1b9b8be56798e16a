import { expect, test } from 'vitest';
import { bindAddresses } from './bind-addresses.ts';

test.each([
  ['127.0.0.1', ['127.0.0.1']],
  ['127.0.0.1, ::1,db1.example.com', ['127.0.0.1', '::1', 'db1.example.com']],
  ['0.0.0.0', ['0.0.0.0']],
  ['*', [undefined]],
  ['', [undefined]],
])('%s', (text, addresses) => {
  expect(bindAddresses(text)).toEqual(addresses);
});

test.each(['127.0.0.1,*', '::,127.0.0.1', '127.0.0.1,'])('%s is refused', (text) => {
  expect(() => bindAddresses(text)).toThrow(/among others/);
});
