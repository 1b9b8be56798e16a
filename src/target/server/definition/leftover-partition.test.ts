import { describe, expect, it } from 'vitest';
import { ServerError } from '../../../errors/index.ts';
import { dropLeftoverPartition } from './leftover-partition.ts';

const dropped = (message: string, errno = 1050): string | undefined =>
  dropLeftoverPartition(new ServerError(errno, '42S01', message));

// Messages and names of files of MariaDB 11.8.
describe('a partition that a killed CREATE TABLE left', () => {
  it('is dropped by the name of its file', () => {
    expect(dropped("Table '`u`.`t` /* Partition `p0` */' already exists")).toBe(
      'DROP TABLE `u`.`#mysql50#t#P#p0`',
    );
    expect(dropped("Table '`u`.`t` /* Partition `p0`, Subpartition `p0sp1` */' already exists")).toBe(
      'DROP TABLE `u`.`#mysql50#t#P#p0#SP#p0sp1`',
    );
    expect(dropped("Tabelle '`a``b`.`x y-$` /* Partition `p 0` */' bereits vorhanden")).toBe(
      'DROP TABLE `a``b`.`#mysql50#x@0020y@002d@0024#P#p@00200`',
    );
  });

  it('is told from a table that exists, and from what nobody can name', () => {
    expect(dropped("Table 't' already exists")).toBeUndefined();
    expect(dropped("Table '`u`.`t` /* Partition `p0` */' is full", 1114)).toBeUndefined();
    expect(dropped("Table '`u`.`tä` /* Partition `p0` */' already exists")).toBeUndefined();
  });
});
