import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { CertificateError } from '../../tls/index.ts';
import { parseName } from '../x509/name.ts';
import {
  type Authority,
  currentGeneration,
  generationIn,
  makeGeneration,
  publishTrust,
  save,
  subjectOfGeneration,
} from './authority.ts';
import { exists, modes, writeAtomic } from './files.ts';
import type { DeploymentRecord, Generation, PairRecord, RolloverStage } from './ledger.ts';
import { keepOld } from './pair-folder.ts';
import { certificateOf, renewPair } from './pairs.ts';
import { publishLists } from './revocations.ts';

/** Where a roll-over stands after a step. `done`: the old authority is gone. */
export type RolloverState = RolloverStage | 'done';

/** A pair that is not known to have what the current stage handed out. */
export interface Straggler {
  readonly pair: PairRecord;
  /** Targets that still have the older files; empty when the pair was never deployed by Rowlock. */
  readonly targets: readonly string[];
}

/** What one call of {@link advanceRollover} did. */
export interface RolloverStep {
  readonly state: RolloverState;
  /** Pairs made anew in this step. */
  readonly renewed: readonly PairRecord[];
  /** Pairs whose key is on its own machine: they need a new request before the next stage. */
  readonly unsigned: readonly PairRecord[];
}

/**
 * Takes the next step of replacing the authority so that no client or server ever meets a certificate it cannot verify:
 *
 *   none  → trust   a new authority exists; `ca.pem` holds old and new. Pairs are unchanged.
 *   trust → pairs   every pair is made anew by the new authority. Both are still trusted.
 *   pairs → done    `ca.pem` holds the new authority alone.
 *
 * Between steps the files must reach every machine. A step that was interrupted is finished by calling again.
 *
 * @param confirmed the caller answers for pairs that are not known to be deployed
 * @param name of the new authority, for the step that begins; the name of the old one when absent
 * @throws CertificateError `CERTIFICATE_STAGE` when the current stage has not reached every pair
 */
export async function advanceRollover(
  authority: Authority,
  confirmed: boolean,
  name?: string,
): Promise<RolloverStep> {
  const stage = authority.ledger.rollover?.stage;
  if (stage === undefined) return begin(authority, name);
  if (name !== undefined) {
    throw new CertificateError(
      'CERTIFICATE_STAGE',
      `the new authority of this roll-over has its name already (stage '${stage}')`,
    );
  }
  if (stage === 'pairs') {
    const unfinished = outdatedPairs(authority);
    // Only an interrupted step leaves pairs of ours behind; those with a foreign key wait for their requests.
    if (unfinished.some(({ keyKind }) => keyKind !== null)) return renewAll(authority);
  }
  requireDeployed(authority, stage, confirmed);
  return stage === 'trust' ? renewAll(authority) : finish(authority);
}

async function begin(authority: Authority, name: string | undefined): Promise<RolloverStep> {
  const current = currentGeneration(authority.ledger);
  const next = await makeGeneration(authority, {
    number: current.number + 1,
    state: 'next',
    // The successor keeps the name unless told otherwise: REQUIRE ISSUER compares nothing else, and key identifiers tell the
    // two apart, but not for yaSSL, which believes the first authority of a name alone.
    subject: name === undefined ? subjectOfGeneration(current) : parseName(name),
  });
  await save(authority, {
    generations: [...authority.ledger.generations, next],
    rollover: { stage: 'trust', since: authority.now().toISOString() },
  });
  await publish(authority);
  return { state: 'trust', renewed: [], unsigned: [] };
}

async function renewAll(authority: Authority): Promise<RolloverStep> {
  if (authority.ledger.rollover?.stage === 'trust') {
    const promoted = { current: 'previous', next: 'current', previous: 'previous' } as const;
    await save(authority, {
      generations: authority.ledger.generations.map((generation) => ({
        ...generation,
        state: promoted[generation.state],
      })),
      rollover: { stage: 'pairs', since: authority.now().toISOString() },
    });
  }
  await publish(authority);
  const renewed: PairRecord[] = [];
  for (const pair of outdatedPairs(authority)) {
    if (pair.keyKind !== null) renewed.push(await renewPair(authority, pair));
  }
  return { state: 'pairs', renewed, unsigned: outdatedPairs(authority) };
}

async function finish(authority: Authority): Promise<RolloverStep> {
  const previous = generationIn(authority.ledger, 'previous');
  await save(authority, {
    generations: authority.ledger.generations.filter(({ state }) => state !== 'previous'),
    revoked: authority.ledger.revoked.filter(({ generation }) => generation !== previous?.number),
    rollover: null,
  });
  await publish(authority);
  if (previous !== undefined) await retire(authority, previous);
  return { state: 'done', renewed: [], unsigned: [] };
}

/** Keeps the certificate and key of an authority that left, under the names they had. */
async function retire(authority: Authority, generation: Generation): Promise<void> {
  const keyFile = join(authority.folder, generation.keyFile);
  if (!(await exists(keyFile))) return;
  const kept = await keepOld(authority, keyFile, generation.keyFile);
  const image = { text: generation.certificate, mode: modes.certificate };
  const name = generation.keyFile.replace('-key', '');
  await writeAtomic(join(kept, '..', name), image, { owner: authority.owner });
}

async function publish(authority: Authority): Promise<void> {
  await publishTrust(authority);
  // With one list in force every authority needs one: a new authority without a list would refuse its own certificates.
  if (authority.ledger.lists !== null) await publishLists(authority);
}

/** Pairs that the signing authority did not sign. */
export function outdatedPairs(authority: Authority): PairRecord[] {
  const { number } = currentGeneration(authority.ledger);
  return authority.ledger.pairs.filter(({ generation }) => generation !== number);
}

/** Pairs that are not known to have everywhere what a stage handed out. */
export function stragglers(authority: Authority, stage: RolloverStage): Straggler[] {
  const { ledger } = authority;
  const trust = ledger.generations.map(({ certificate }) => new X509Certificate(certificate).fingerprint256);
  return ledger.pairs.flatMap((pair) => {
    const mine = ledger.deployments.filter(({ kind, name }) => kind === pair.kind && name === pair.name);
    const { fingerprint256 } = certificateOf(pair);
    const isCurrent = (record: DeploymentRecord): boolean =>
      record.active &&
      trust.every((fingerprint) => record.trust.includes(fingerprint)) &&
      (stage === 'trust' || record.fingerprint === fingerprint256);
    const behind = mine.filter((record) => !isCurrent(record));
    return mine.length > 0 && behind.length === 0
      ? []
      : [{ pair, targets: behind.map(({ target }) => target) }];
  });
}

/** True during a roll-over whose two authorities have one name. */
export function sharesName({ ledger }: Authority): boolean {
  const subjects = ledger.generations.map((generation) =>
    Buffer.from(subjectOfGeneration(generation)).toString('hex'),
  );
  return new Set(subjects).size < subjects.length;
}

/** True while some target trusts an authority that is no longer in force: what is handed out next takes that trust away. */
export function isWithdrawingTrust({ ledger }: Authority): boolean {
  const inForce = ledger.generations.map(
    ({ certificate }) => new X509Certificate(certificate).fingerprint256,
  );
  return ledger.deployments.some(({ trust }) => trust.some((fingerprint) => !inForce.includes(fingerprint)));
}

function requireDeployed(authority: Authority, stage: RolloverStage, confirmed: boolean): void {
  const unsigned = stage === 'pairs' ? outdatedPairs(authority) : [];
  if (unsigned.length > 0) {
    const names = unsigned.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    throw new CertificateError(
      'CERTIFICATE_STAGE',
      `still signed by the old authority, with a key of their own: ${names}`,
      {
        hint: 'Sign new requests with certs sign REQUEST … --renew, or withdraw them with certs revoke.',
      },
    );
  }
  const waiting = stragglers(authority, stage);
  if (confirmed || waiting.length === 0) return;
  const names = waiting.map(
    ({ pair, targets }) =>
      `${pair.kind} ${pair.name} (${targets.length === 0 ? 'not deployed by rowlock' : targets.join(', ')})`,
  );
  throw new CertificateError('CERTIFICATE_STAGE', `the last stage has not reached: ${names.join('; ')}`, {
    hint: 'Deploy to them and reload their servers; if that was done by hand, say so with --confirm.',
  });
}
