import { expect, it } from 'vitest';
import type { SourceClient, SourcePosition } from '../../replication/index.ts';
import type { Target } from '../target.ts';
import { StartMark } from './start-mark.ts';

const HEAD = { file: 'a.000001', position: 4 };
const KNOWN = { file: 'a.000001', position: 197, gtids: 'g:1-5' };

function marked(stored?: SourcePosition) {
  const written: SourcePosition[] = [];
  const target: Partial<Target> = {
    mark(position) {
      written.push(position);
    },
  };
  const mark = new StartMark(target as Target, stored);
  return { mark, written };
}

const at = (boundary: SourcePosition): SourceClient =>
  ({ boundary, openingMark: () => () => boundary }) as Partial<SourceClient> as SourceClient;

it('waits for the GTIDs that the head of a log tells', async () => {
  const { mark, written } = marked();
  expect(await mark.behind(at(HEAD))).toBeUndefined();
  expect(await mark.behind(at(KNOWN))).toBe(KNOWN);
  expect(await mark.before(at(KNOWN))).toBeUndefined();
  expect(written).toEqual([KNOWN]);
});

it('does not wait once a transaction is to be applied, and adds GTIDs when it hears of them', async () => {
  const { mark, written } = marked();
  expect(await mark.before(at(HEAD))).toBe(HEAD);
  expect(await mark.behind(at(HEAD))).toBeUndefined();
  expect(await mark.behind(at(KNOWN))).toBeUndefined();
  expect(written).toEqual([HEAD, KNOWN]);
});

it('is written where nothing comes', async () => {
  const { mark, written } = marked();
  expect(await mark.atEnd(at(HEAD))).toBe(HEAD);
  expect(await mark.atEnd(at(HEAD))).toBeUndefined();
  expect(written).toEqual([HEAD]);
});

it('leaves what is there', async () => {
  const { mark, written } = marked(KNOWN);
  await mark.behind(at(KNOWN));
  await mark.before(at(KNOWN));
  await mark.atEnd(at(KNOWN));
  expect(written).toEqual([]);
});
