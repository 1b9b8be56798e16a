import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CertsContext } from '../context.ts';
import { type SettingsInput, settingsWriters } from '../settings/index.ts';
import { type AddCommand, repeated, wholeNumber } from './definition.ts';

interface ConfigOptions {
  readonly for?: readonly string[];
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly crl?: boolean;
  readonly json?: boolean;
}

/** `certs config`. */
export const addConfig: AddCommand = (program: Command, context: CertsContext) => {
  const names = Object.keys(settingsWriters);
  program
    .command('config')
    .description('print the settings of servers, replicas and the usual clients for a deployed pair')
    .addOption(
      new Option(
        '--for <program>',
        `what to print: ${names.join(', ')}; may be repeated (default: all)`,
      ).argParser(only(names)),
    )
    .option('--folder <dir>', 'folder the files are in where they are used', '/etc/mysql/tls')
    .option('--host <name>', 'host name as it is in the certificate', 'db1.example.com')
    .option('--port <n>', 'port', wholeNumber(1, 65_535), 3306)
    .option('--user <name>', 'account', 'app')
    .option('--database <name>', 'database', 'app')
    .option('--crl', 'a revocation list is deployed as well')
    .option('--json', 'print JSON')
    .action((options: ConfigOptions) => {
      const { folder, host, port, user, database } = options;
      const input: SettingsInput = {
        folder: folder.replace(/\/+$/, ''),
        host,
        port,
        user,
        database,
        lists: options.crl === true,
      };
      const chosen = (options.for ?? names).map((name) => ({
        name,
        lines: settingsWriters[name]?.write(input) ?? [],
      }));
      if (options.json === true) {
        context.say(
          JSON.stringify(Object.fromEntries(chosen.map(({ name, lines }) => [name, lines.join('\n')]))),
        );
        return;
      }
      for (const [index, { name, lines }] of chosen.entries()) {
        const title =
          chosen.length === 1
            ? []
            : [...(index === 0 ? [] : ['']), `=== ${name}: ${settingsWriters[name]?.about ?? ''}`];
        context.say(...title, ...lines);
      }
    });
};

function only(names: readonly string[]): (text: string, before?: readonly string[]) => string[] {
  return (text, before) => {
    const all = repeated(text, before);
    const unknown = all.find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new InvalidArgumentError(`'${unknown}' is not one of ${names.join(', ')}.`);
    return all;
  };
}
