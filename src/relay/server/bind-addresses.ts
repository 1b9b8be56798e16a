import { UsageError } from '../../errors/index.ts';

/** What stands for every address, and so has nothing beside it. */
const WILDCARDS: ReadonlySet<string> = new Set(['', '*', '0.0.0.0', '::']);

/**
 * The addresses of `--bind-address`, as mysqld reads them: names or numbers with commas between, or `*`. Undefined: every address of the
 * machine, those of IPv6 too where it has any.
 *
 * @throws UsageError one of several is every address
 */
export function bindAddresses(text: string): readonly (string | undefined)[] {
  const addresses = text.split(',').map((address) => address.trim());
  const wildcard = addresses.length > 1 ? addresses.find((address) => WILDCARDS.has(address)) : undefined;
  if (wildcard !== undefined) {
    throw new UsageError(
      `--bind-address=${text}: ${wildcard === '' ? 'an empty address' : wildcard} among others`,
      { hint: 'It stands for every address: give it alone, or leave it out.' },
    );
  }
  return addresses.map((address) => (address === '*' || address === '' ? undefined : address));
}
