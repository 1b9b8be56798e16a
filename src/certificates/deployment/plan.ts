/**
 * How files reach a target folder so that a server reading there at any moment, or after any interruption, finds the old
 * pair or the new pair, never a mix. A rename replaces one file; a certificate and its key are two. So what carries the
 * well-known names are symbolic links through one more link, and that one is renamed:
 *
 *   TARGET/server-cert.pem → .rowlock/current/server-cert.pem
 *   TARGET/server-key.pem  → .rowlock/current/server-key.pem
 *   TARGET/.rowlock/current → 20261121T020812Z-1f3a        the rename of this link changes both at once
 *   TARGET/.rowlock/20261121T020812Z-1f3a/…
 *
 * Plain files found at the first deployment become a generation of their own before the names become links.
 */
import { CertificateError } from '../../tls/index.ts';

/** Folder beside the files that holds the generations. */
export const STORE = '.rowlock';

/** A file to deploy. */
export interface DeployedFile {
  readonly name: string;
  readonly text: string;
  readonly mode: number;
}

/** What stands under a name in the target folder. */
export type FoundKind = 'absent' | 'plain' | 'link';

/** A target folder as it was found. */
export interface TargetState {
  /** The folder exists. */
  readonly exists: boolean;
  /** It is a server's data folder: MariaDB and MySQL before 8.0 take every folder in it for a database. */
  readonly dataFolder: boolean;
  /** What stands under each name that matters. `link` only for links into our store. */
  readonly names: ReadonlyMap<string, FoundKind>;
  /** Generation that is in force; undefined before the first deployment. */
  readonly current: string | undefined;
  /** Generations, oldest first. */
  readonly generations: readonly string[];
  /** What interrupted deployments left of a generation. */
  readonly torn: readonly string[];
  /** Files of the generation in force. */
  readonly kept: readonly string[];
}

/** One step. Every path is relative to the target folder. */
export type Step =
  | { readonly do: 'folder'; readonly path: string }
  /** Bytes, mode and owner of what `from` leads to. */
  | { readonly do: 'copy'; readonly from: string; readonly to: string }
  | { readonly do: 'write'; readonly path: string; readonly text: string; readonly mode: number }
  /** A symbolic link that replaces whatever had the name, in one rename. */
  | { readonly do: 'link'; readonly path: string; readonly to: string }
  | { readonly do: 'rename'; readonly from: string; readonly to: string }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'sync' };

/** Every name a deployment may touch or keep. */
export const deployedNames = [
  'ca.pem',
  'crl.pem',
  'server-cert.pem',
  'server-key.pem',
  'client-cert.pem',
  'client-key.pem',
] as const;

/**
 * The steps that bring files to a target.
 *
 * @param generation name of the new generation; unique, sorts by time
 * @throws CertificateError for a server's data folder
 */
export function planDeployment(
  state: TargetState,
  files: readonly DeployedFile[],
  generation: string,
): Step[] {
  if (state.dataFolder) {
    throw new CertificateError(
      'CERTIFICATE_DEPLOY',
      'the target is the data folder of a server, which takes folders in it for databases',
      {
        hint: 'Use a folder of its own, for example /etc/mysql/tls, and point ssl_ca, ssl_cert and ssl_key there.',
      },
    );
  }
  const steps: Step[] = [];
  const plain = [...state.names].filter(([, kind]) => kind === 'plain').map(([name]) => name);
  const linked = [...state.names].filter(([, kind]) => kind === 'link').map(([name]) => name);
  steps.push({ do: 'folder', path: '.' }, { do: 'folder', path: STORE });
  steps.push(...state.torn.map((name): Step => ({ do: 'remove', path: `${STORE}/${name}` })));
  let inForce = state.current === undefined ? [] : [...state.kept];
  let current = state.current;
  if (plain.length > 0) {
    current = `${generation}.before`;
    // Names outside the new files stay as they are unless the store has them already.
    inForce = [...new Set([...plain, ...linked])].filter(
      (name) => plain.includes(name) || state.kept.includes(name),
    );
    steps.push(...adopt(current, plain, inForce));
  }
  const carried = inForce.filter((name) => !files.some((file) => file.name === name));
  steps.push(...build(generation, files, carried, current));
  // Links to names the generation in force does not have lead nowhere: both halves of a first pair appear with the switch.
  for (const { name } of files) {
    const isLink = linked.includes(name) || plain.includes(name);
    if (!isLink) steps.push({ do: 'link', path: name, to: `${STORE}/current/${name}` });
  }
  steps.push({ do: 'sync' }, { do: 'link', path: `${STORE}/current`, to: generation }, { do: 'sync' });
  const superseded = state.generations.filter((name) => name !== current && name !== generation);
  return [...steps, ...superseded.map((name): Step => ({ do: 'remove', path: `${STORE}/${name}` }))];
}

/** Plain files become a generation, and their names links to it; what a reader finds stays the same throughout. */
function adopt(generation: string, plain: readonly string[], names: readonly string[]): Step[] {
  const folder = `${STORE}/${generation}`;
  return [
    { do: 'remove', path: `${folder}.part` },
    { do: 'folder', path: `${folder}.part` },
    ...names.map((name): Step => ({ do: 'copy', from: name, to: `${folder}.part/${name}` })),
    { do: 'rename', from: `${folder}.part`, to: folder },
    { do: 'sync' },
    { do: 'link', path: `${STORE}/current`, to: generation },
    ...plain.map((name): Step => ({ do: 'link', path: name, to: `${STORE}/current/${name}` })),
  ];
}

function build(
  generation: string,
  files: readonly DeployedFile[],
  carried: readonly string[],
  current: string | undefined,
): Step[] {
  const folder = `${STORE}/${generation}`;
  return [
    { do: 'remove', path: `${folder}.part` },
    { do: 'folder', path: `${folder}.part` },
    ...carried.map(
      (name): Step => ({ do: 'copy', from: `${STORE}/${current}/${name}`, to: `${folder}.part/${name}` }),
    ),
    ...files.map(
      ({ name, text, mode }): Step => ({ do: 'write', path: `${folder}.part/${name}`, text, mode }),
    ),
    { do: 'rename', from: `${folder}.part`, to: folder },
  ];
}

/** The steps as a person reads them: no content of any file. */
export function describeStep(step: Step): string {
  const texts: { readonly [K in Step['do']]: (step: Extract<Step, { do: K }>) => string } = {
    folder: ({ path }) => `make folder ${path}`,
    copy: ({ from, to }) => `copy ${from} to ${to}`,
    write: ({ path, mode }) => `write ${path} (mode ${mode.toString(8).padStart(4, '0')})`,
    link: ({ path, to }) => `link ${path} to ${to}`,
    rename: ({ from, to }) => `rename ${from} to ${to}`,
    remove: ({ path }) => `remove ${path}`,
    sync: () => 'force to disk',
  };
  return (texts[step.do] as (step: Step) => string)(step);
}
