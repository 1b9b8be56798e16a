import { shellWord } from '../../shell-word.ts';
import { certificate, key, type SettingsInput } from './settings.ts';

/** The command that makes a store of a pair; asks for the password of the store. */
export function pkcs12(input: SettingsInput): string {
  const [from, withKey, to] = [certificate(input), key(input), `${input.folder}/client.p12`].map(shellWord);
  return `# openssl pkcs12 -export -in ${from} -inkey ${withKey} -name ${shellWord(input.user)} -out ${to}`;
}
