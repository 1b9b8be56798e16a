import { PassThrough } from 'node:stream';
import { type CertsInput, runCerts } from '../../src/cli/certs/index.ts';

/** What `rowlock certs …` printed and how it ended. */
export interface CertsRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything any run of this process printed: tests look for secrets in it. */
export const everythingPrinted: string[] = [];

/** A private key by its label, or a line of what may be inside of one: a DER SEQUENCE in base64. No command prints either. */
const keyMaterial = /PRIVATE KEY-----|(?<![A-Za-z0-9+/])M[CDEFGHI][A-Za-z0-9+/]{58,}/;

/** Runs a command as a program would, without one. */
export async function printedBy(
  cwd: string,
  more: Partial<CertsInput> & { readonly argv: readonly string[]; readonly input?: string },
  run: (input: CertsInput) => Promise<number>,
): Promise<CertsRun> {
  const { input, ...rest } = more;
  const stdin = new PassThrough();
  stdin.end(input ?? '');
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err]: [string[], string[]] = [[], []];
  stdout.on('data', (chunk) => out.push(String(chunk)));
  stderr.on('data', (chunk) => err.push(String(chunk)));
  const status = await run({ env: {}, cwd, stdin, stdout, stderr, ...rest });
  const result = { status, stdout: out.join(''), stderr: err.join('') };
  everythingPrinted.push(result.stdout, result.stderr);
  for (const text of [result.stdout, result.stderr]) {
    const leak = keyMaterial.exec(text);
    if (leak !== null) throw new Error(`key material was printed: ${leak[0].slice(0, 16)}…`);
  }
  return result;
}

/** Runs `rowlock certs …`. */
export function certs(
  cwd: string,
  argv: readonly string[],
  more: Partial<CertsInput> & { readonly input?: string } = {},
): Promise<CertsRun> {
  return printedBy(cwd, { ...more, argv }, runCerts);
}

/** The same, and an error unless it ended well. */
export async function certsOk(...args: Parameters<typeof certs>): Promise<string> {
  const { status, stdout, stderr } = await certs(...args);
  if (status !== 0) throw new Error(`rowlock certs ${args[1].join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout;
}
