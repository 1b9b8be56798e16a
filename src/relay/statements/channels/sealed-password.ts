import type { SourceOptions } from '../../../sql/index.ts';
import type { SecretSource } from '../../channel/configuration.ts';
import type { Relay } from '../context.ts';

/** A password as it is kept: sealed for its purpose, or where it is to be looked for. Undefined: none. */
export function sealedPassword(
  password: NonNullable<SourceOptions['sourcePassword']>,
  purpose: string,
  { secrets }: Relay,
): SecretSource | undefined {
  if (password.kind !== 'text') return password;
  if (password.text === '') return undefined;
  return { kind: 'stored', sealed: secrets.seal(password.text, purpose) };
}
