import { describe, expect, it } from 'vitest';
import { parseTableStatement } from '../../../sql/index.ts';
import { wasDone } from './rerun.ts';

const done = (sql: string, before: Record<string, string | null>, now: Record<string, string | null>) =>
  wasDone(parseTableStatement(Buffer.from(sql), {}), before, now);

describe('a definition that was under way', () => {
  it('was done where what it concerns has changed', () => {
    expect(done('CREATE TABLE d.t (a INT)', { 'd.t': null }, { 'd.t': 'x' })).toBe(true);
    expect(done('CREATE TABLE d.t (a INT)', { 'd.t': null }, { 'd.t': null })).toBe(false);
    expect(done('ALTER TABLE d.t ADD b INT', { 'd.t': 'x' }, { 'd.t': 'y' })).toBe(true);
  });

  it('was not done where a table was dropped that is to be made anew, and where something is still to be dropped', () => {
    expect(done('CREATE OR REPLACE TABLE d.t (a INT)', { 'd.t': 'x' }, { 'd.t': null })).toBe(false);
    expect(done('DROP TABLE d.t, d.u', { 'd.t': 'x', 'd.u': 'x' }, { 'd.t': null, 'd.u': 'x' })).toBe(false);
  });
});
