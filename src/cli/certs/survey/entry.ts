import { createPrivateKey, X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { platform } from 'node:os';
import {
  CertificateError,
  type CertificateView,
  type Finding,
  type PemBlock,
  parsePem,
  type RevocationList,
  readText,
  type Severity,
  worst,
} from '../../../certificates/index.ts';

/** What a certificate is for, as far as the place it was found in tells. */
export type EntryRole = 'authority' | 'server' | 'client' | 'crl' | 'key' | 'options' | 'certificate';

/** One certificate, list or file that was looked at. */
export interface SurveyEntry {
  /** Path or `host:port`. */
  readonly place: string;
  readonly role: EntryRole;
  readonly view?: CertificateView;
  readonly list?: RevocationList;
  readonly findings: readonly Finding[];
}

/** The worst severity among all entries. */
export function worstOf(entries: readonly SurveyEntry[]): Severity {
  return worst(entries.flatMap(({ findings }) => findings));
}

/** A PEM file that was read, or why not. */
export interface LoadedFile {
  readonly path: string;
  readonly blocks: readonly PemBlock[];
  readonly findings: readonly Finding[];
}

/** Blocks of one kind. */
export function blocksOf(file: LoadedFile | undefined, kind: PemBlock['kind']): readonly PemBlock[] {
  return file?.blocks.filter((block) => block.kind === kind) ?? [];
}

/** Reads a PEM file; what is wrong with the file itself becomes a finding. */
export async function loadFile(path: string): Promise<LoadedFile> {
  const broken = (code: string, message: string): LoadedFile => ({
    path,
    blocks: [],
    findings: [{ severity: 'critical', code, message }],
  });
  try {
    const text = await readText(path);
    if (text === undefined) return broken('FILE_MISSING', 'no such file');
    const blocks = parsePem(text);
    if (blocks.length === 0)
      return broken('NOT_PEM', 'no PEM block in the file: DER and PKCS#12 are not what a server reads');
    return { path, blocks, findings: [...formFindings(text, blocks), ...(await modeFindings(path, blocks))] };
  } catch (error) {
    if (error instanceof CertificateError) return broken('UNREADABLE', error.message);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    return broken('UNREADABLE', `cannot be read (${code})`);
  }
}

/** We read blocks in forms that OpenSSL, and so every server, does not find: it is asked with the file as it is. */
function formFindings(text: string, blocks: readonly PemBlock[]): Finding[] {
  const readers: readonly (readonly [PemBlock['kind'], (pem: string) => unknown])[] = [
    ['certificate', (pem) => new X509Certificate(pem)],
    ['key', (pem) => createPrivateKey(pem)],
  ];
  const isLost = ([kind, read]: (typeof readers)[number]): boolean => {
    const block = blocks.find((one) => one.kind === kind && !one.encrypted);
    return block !== undefined && reads(read, block.pem) && !reads(read, text);
  };
  if (!readers.some(isLost)) return [];
  return [
    {
      severity: 'critical',
      code: 'NOT_PEM',
      message: 'not PEM as servers read it: indented lines, blank lines in a block, or line ends of CR alone',
      mend: 'Write the file anew, each line from its first column on and none of them blank.',
    },
  ];
}

function reads(read: (pem: string) => unknown, text: string): boolean {
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
}

async function modeFindings(path: string, blocks: readonly PemBlock[]): Promise<Finding[]> {
  if (platform() === 'win32' || !blocks.some(({ kind }) => kind === 'key')) return [];
  const { mode } = await stat(path);
  // Group may read, as Debian's group ssl-cert does; others may not, and nobody else may write.
  if ((mode & 0o027) === 0) return [];
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return [
    {
      severity: 'warning',
      code: 'KEY_READABLE',
      message: `private key has mode ${octal}`,
      mend: `chmod 600 ${path}`,
    },
  ];
}
