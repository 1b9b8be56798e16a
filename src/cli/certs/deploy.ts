import {
  type Authority,
  CertificateError,
  cameToEnd,
  type DeployedFile,
  describeStep,
  generationName,
  lookLocal,
  lookScript,
  type Owner,
  planDeployment,
  readLook,
  stepsScript,
  takeSteps,
} from '../../certificates/index.ts';
import type { CertsContext } from './context.ts';
import { findOwner } from './owner.ts';
import { runRemote, type SshSettings } from './ssh.ts';
import type { DeployTarget } from './target.ts';

/** How a deployment is done. */
export interface DeploySettings {
  readonly ssh: SshSettings;
  /** Owner of the files on the target, as its own system names it. */
  readonly owner: string | undefined;
  readonly attempts: number;
  readonly dryRun: boolean;
}

/** Milliseconds before the second attempt; doubled for each further one. */
const FIRST_PAUSE = 1000;

/**
 * Brings files to one target, and again after a failure: what an attempt left is never half a pair, and the next one looks
 * first.
 *
 * @returns the steps, for a person to read
 */
export async function deployTo(
  context: CertsContext,
  authority: Authority,
  target: DeployTarget,
  files: readonly DeployedFile[],
  settings: DeploySettings,
): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return target.kind === 'local'
        ? await deployLocal(authority, target.folder, files, settings)
        : await deployRemote(authority, target, files, settings);
    } catch (error) {
      if (attempt >= settings.attempts || !mayPass(error)) throw error;
      context.note(
        `rowlock certs: ${(error as Error).message}; attempt ${attempt + 1} of ${settings.attempts} follows`,
      );
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE * 2 ** (attempt - 1)));
    }
  }
}

/** A lost connection may be there again; a data folder, a missing owner or a full disk stays what it is. */
function mayPass(error: unknown): boolean {
  return error instanceof CertificateError && error.context.host !== undefined;
}

async function deployLocal(
  authority: Authority,
  folder: string,
  files: readonly DeployedFile[],
  settings: DeploySettings,
): Promise<string[]> {
  const owner: Owner | undefined = settings.owner === undefined ? undefined : await findOwner(settings.owner);
  const steps = planDeployment(await lookLocal(folder), files, generationName(authority.now()));
  if (!settings.dryRun) await takeSteps(folder, steps, owner);
  return steps.map(describeStep);
}

async function deployRemote(
  authority: Authority,
  target: Extract<DeployTarget, { kind: 'ssh' }>,
  files: readonly DeployedFile[],
  settings: DeploySettings,
): Promise<string[]> {
  const state = readLook(await runRemote(target, lookScript(target.folder), settings.ssh));
  const steps = planDeployment(state, files, generationName(authority.now()));
  if (!settings.dryRun) {
    const output = await runRemote(target, stepsScript(target.folder, steps, settings.owner), settings.ssh);
    if (!cameToEnd(output)) {
      throw new CertificateError('CERTIFICATE_DEPLOY', `${target.destination}: the connection was cut`, {
        context: { host: target.destination },
      });
    }
  }
  return steps.map(describeStep);
}
