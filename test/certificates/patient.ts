import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runDoctor } from '../../src/cli/doctor/index.ts';
import { type RunningServer, type ServerName, startServer } from '../servers/index.ts';
import { certsOk, printedBy } from './rowlock-certs.ts';

/** A finding as `rowlock doctor --json` prints it. */
export interface Printed {
  readonly severity: 'ok' | 'warning' | 'critical';
  readonly code: string;
  readonly message: string;
}

/** A step of a mend, read from the report for people: its label and the rest of its line. */
export interface PrintedStep {
  readonly label: string;
  readonly text: string;
}

/** The steps that the report for people prints below a finding. */
export function stepsBelow(report: string, message: string): readonly PrintedStep[] {
  const lines = report.split('\n');
  const at = lines.findIndex(
    (line) => /^ {2}(CRITICAL|WARNING {1}|note {4}) {2}/.test(line) && line.endsWith(`  ${message}`),
  );
  expect(at, `${message} in\n${report}`).toBeGreaterThan(0);
  const steps: PrintedStep[] = [];
  for (const line of lines.slice(at + 1)) {
    const step = /^ {6}(sql|\[mysqld\]|shell|restart|by hand) +(.*)$/.exec(line);
    if (step !== null) steps.push({ label: step[1] ?? '', text: step[2] ?? '' });
    else if (steps.length > 0) break;
  }
  return steps;
}

const DAY = 86_400_000;

/** A server whose settings and files a test breaks, and the doctor's eyes on it. */
export class Patient {
  readonly name: ServerName;
  /** Where this patient's authority and files are; commands run here. */
  readonly home: string;
  /** Where mends put files. */
  readonly tls: string;
  /** Lines of [mysqld], the state's and those that mends have asked for since. */
  lines: readonly string[] = [];
  /** Whether the person has an authority already, and the environment names it. */
  hasAuthority = true;
  /** More words for the doctor. */
  words: readonly string[] = [];
  #server: RunningServer | undefined;
  readonly #tag: string;
  readonly #authority: string;

  /** @param authority folder of another patient's authority; it has its own without */
  constructor(name: ServerName, folder: string, tag = 'doctor', authority?: string) {
    this.name = name;
    this.home = join(folder, `${tag}-${name}`);
    this.tls = join(this.home, 'tls');
    this.#tag = `${tag}-${process.pid}`;
    this.#authority = authority ?? join(this.home, 'ca');
    mkdirSync(this.home);
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get dataFolder(): string {
    return this.#server?.dataFolder ?? '';
  }

  get #environment(): Readonly<Record<string, string>> {
    return this.hasAuthority ? { ROWLOCK_AUTHORITY: this.#authority } : {};
  }

  /** Runs a command where the authority is, as a person would who has ROWLOCK_AUTHORITY set. */
  certs(words: readonly string[], daysAgo = 0): Promise<string> {
    return certsOk(this.home, words, {
      env: this.#environment,
      now: () => new Date(Date.now() - daysAgo * DAY),
    });
  }

  async #prepare(): Promise<void> {
    // yaSSL in MySQL 5.6 knows RSA in the old form of keys alone.
    const rsa = ['--key', 'rsa-2048', '--key-form', 'traditional'];
    await this.certs(['init', 'ca', ...(this.name === 'mysql56' ? rsa : [])], 400);
    await this.certs(['server', 'db', '--san', '127.0.0.1']);
    await this.certs(['server', 'elsewhere']);
    await this.certs(['server', 'old', '--san', '127.0.0.1', '--days', '100'], 200);
    await this.certs(['server', 'ending', '--san', '127.0.0.1', '--days', '20']);
    await this.certs(['user', 'someone']);
  }

  /** An authority and pairs in every state of health, and a server that an account can look at. */
  async admit(): Promise<void> {
    if (this.#authority === join(this.home, 'ca')) await this.#prepare();
    await this.start();
    const account =
      this.name === 'mysql56'
        ? "DELETE FROM mysql.user WHERE user = '' OR host NOT IN ('localhost', '127.0.0.1', '::1'); FLUSH PRIVILEGES; GRANT ALL ON *.* TO 'admin'@'127.0.0.1' IDENTIFIED BY 'a secret'"
        : // Without TLS MySQL 9 cannot check a password that it has not seen since its start.
          `CREATE USER 'admin'@'127.0.0.1' IDENTIFIED BY '${this.name === 'mysql97' ? '' : 'a secret'}'; GRANT ALL ON *.* TO 'admin'@'127.0.0.1'`;
    await this.query(account);
  }

  /** Starts the server, anew where it runs. */
  async start(): Promise<void> {
    const again = this.#server !== undefined;
    await this.#server?.stop();
    this.#server = await startServer(this.name, this.#tag, { lines: this.lines, reuse: again });
  }

  /** Starts the server with these lines, with nothing left of what was persisted. */
  async begin(lines: readonly string[]): Promise<void> {
    if (this.name === 'mysql97') await this.query('RESET PERSIST');
    this.lines = lines;
    await this.start();
  }

  async wipe(): Promise<void> {
    await this.#server?.wipe();
  }

  query(sql: string): Promise<string> {
    const args = this.name === 'mysql97' ? [] : ['--skip-ssl'];
    if (this.#server === undefined) throw new Error('no server');
    return this.#server.query(sql, { args });
  }

  /** Runs the doctor; without words of its own, for this server. */
  doctor(
    words: readonly string[],
    targets: readonly string[] = [this.address],
  ): ReturnType<typeof printedBy> {
    const argv = [...targets, '--user', 'admin', '--plain', '--folder', this.tls, ...this.words, ...words];
    const MYSQL_PWD = this.name === 'mysql97' ? '' : 'a secret';
    return printedBy(this.home, { argv, env: { MYSQL_PWD, ...this.#environment } }, runDoctor);
  }

  async findings(): Promise<readonly Printed[]> {
    const { stdout } = await this.doctor(['--json']);
    return (JSON.parse(stdout) as { findings: readonly Printed[] }).findings;
  }

  /** Waits until the doctor's findings are so. */
  async until(wanted: (codes: readonly string[]) => boolean): Promise<void> {
    const codes = async (): Promise<boolean> => wanted((await this.findings()).map(({ code }) => code));
    await expect.poll(codes, { timeout: 60_000 }).toBe(true);
  }

  /** Does what a step says, as it is printed. */
  async apply({ label, text }: PrintedStep): Promise<void> {
    if (label === 'sql') await this.query(text);
    else if (label === '[mysqld]') this.lines = [...this.lines, text];
    else if (label === 'restart') await this.start();
    else if (label !== 'shell') throw new Error(`nobody is there to do: ${text}`);
    else if (text.startsWith('rowlock certs ')) await this.certs(text.split(' ').slice(2));
    else execFileSync('sh', ['-c', text], { cwd: this.home });
  }

  /** The doctor names the state; its mend, applied as printed, clears the finding and breaks nothing else. */
  async mended(code: string, cause: RegExp): Promise<string> {
    const before = await this.findings();
    const found = before.filter((finding) => finding.code === code);
    const all = JSON.stringify(before, null, 1);
    expect(found.map(({ message }) => message).join('\n'), `${this.name}: ${code} in ${all}`).toMatch(cause);
    const applied: string[] = [];
    for (const { message } of found) {
      const steps = stepsBelow((await this.doctor([])).stdout, message);
      expect(steps.length, `${code} has a mend`).toBeGreaterThan(0);
      for (const step of steps) {
        if (applied.includes(step.text)) continue;
        applied.push(step.text);
        await this.apply(step);
      }
    }
    const after = await this.findings();
    const told = `${this.name}: ${code} after\n${applied.join('\n')}`;
    expect(
      after.map((finding) => finding.code),
      told,
    ).not.toContain(code);
    const critical = (list: readonly Printed[]): string[] =>
      list.filter(({ severity }) => severity === 'critical').map((finding) => finding.code);
    const worse = critical(after).filter((other) => !critical(before).includes(other));
    // What TLS hid is seen once there is TLS.
    expect(
      worse.filter((other) => !/ACCOUNT|PROTOCOL/.test(other)),
      told,
    ).toEqual([]);
    return `${found[0]?.message}\n${applied.map((text) => `    ${text}`).join('\n')}`;
  }

  /** Lines that name a pair's files in a folder. */
  pairLines(folder: string): string[] {
    return [
      `ssl_ca = ${folder}/ca.pem`,
      `ssl_cert = ${folder}/server-cert.pem`,
      `ssl_key = ${folder}/server-key.pem`,
    ];
  }

  /** Deploys the pair of a server into a folder of its own. */
  async lay(folder: string, server: string): Promise<string> {
    const path = join(this.home, folder);
    await this.certs(['deploy', path, '--server', server]);
    return path;
  }

  /** A folder with files under the names of a deployment, made otherwise. */
  write(folder: string, files: Readonly<Record<string, string>>): string {
    const path = join(this.home, folder);
    mkdirSync(path);
    for (const [file, text] of Object.entries(files))
      writeFileSync(join(path, file), text, { mode: file.includes('key') ? 0o600 : 0o644 });
    return path;
  }
}
