import { RowlockError } from '../../errors/index.ts';

/** Options of the command line that errors speak of, whose name here is not the same in other letters. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'server-public-key-path': 'serverPublicKey',
  'skip-ssl': 'ssl: false',
  'skip-ssl-verify-server-cert': 'sslVerifyServerCert: false',
};

const OPTION =
  /--((?:ssl|tls)(?:-[a-z]+)*|get-server-public-key|server-public-key-path|skip-ssl(?:-[a-z]+)*)(?:=(\w+|'[^']*'))?(?![\w-])/g;

/** A text about options of the command line, in the names that they have here: `--ssl-mode=REQUIRED` is `sslMode: 'REQUIRED'`. */
export function inOptionNames(text: string): string {
  return text.replaceAll(OPTION, (_, option: string, value: string | undefined) => {
    const name =
      OTHER_NAMES[option] ?? option.replaceAll(/-([a-z])/g, (__, letter: string) => letter.toUpperCase());
    return value === undefined ? name : `${name}: '${value.replaceAll("'", '')}'`;
  });
}

/** Whoever calls a function has no command line: the same error, its texts in the names of options here. */
export function withOptionNames(error: unknown): unknown {
  if (!(error instanceof RowlockError)) return error;
  error.message = inOptionNames(error.message);
  if (error.hint !== undefined) error.hint = inOptionNames(error.hint);
  return error;
}
