import type { Command } from 'commander';
import {
  type Authority,
  accountStatements,
  advanceRollover,
  CertificateError,
  certificateOf,
  DAY_MS,
  findPair,
  type PairRecord,
  pairKinds,
  quoteAccount,
  type RolloverStep,
  renewPair,
  sharesName,
} from '../../../certificates/index.ts';
import { UsageError } from '../../../errors/index.ts';
import type { CertsContext, CommonOptions } from '../context.ts';
import { changeAuthority } from '../open.ts';
import { type AddCommand, authorityOptions, wholeNumber } from './definition.ts';
import { pairJson, sayPair, viewOf } from './pair-report.ts';

interface RotateOptions extends CommonOptions {
  readonly ca?: boolean;
  readonly confirm?: boolean;
  readonly name?: string;
  readonly all?: boolean;
  readonly within: number;
}

/** What each state of a roll-over means for the person, said when it is reached. */
const advice: Readonly<Record<RolloverStep['state'], readonly string[]>> = {
  trust: [
    'Stage 1 of 3: a new authority exists, and ca.pem now holds the old and the new one.',
    'Safe now: everything in use stays valid; machines with the old ca.pem still work.',
    'Next: deploy to every server and client and reload the servers, then run rotate --ca again.',
  ],
  pairs: [
    'Stage 2 of 3: every pair is made anew by the new authority; the old ones are under old-keys/.',
    'Safe now: both authorities are trusted everywhere, so servers and clients may change in any order.',
    'Next: deploy to every server and client and reload the servers, then run rotate --ca again.',
  ],
  done: [
    'Stage 3 of 3: ca.pem holds the new authority alone; the old one is under old-keys/.',
    'Safe now: nothing in use needs the old authority.',
    'Next: deploy once more; from then on certificates of the old authority are refused.',
  ],
};

/** `certs rotate [NAME…]` and `certs rotate --ca`. */
export const addRotate: AddCommand = (program: Command, context: CertsContext) => {
  const command = program
    .command('rotate [name...]')
    .description('make pairs anew (those named, or those that end soon), or replace the authority in stages')
    .option('--ca', 'take the next stage of replacing the authority; can be repeated after an interruption')
    .option(
      '--confirm',
      'with --ca: the last stage has reached every server and client, also those deployed by hand',
    )
    .option(
      '--name <name>',
      'with the first --ca: name of the new authority (default: the old name; MySQL with yaSSL needs another)',
    )
    .option('--all', 'every pair')
    .option('--within <days>', 'pairs that end within this many days', wholeNumber(0), 30);
  authorityOptions(command).action(async (names: readonly string[], options: RotateOptions) => {
    if (options.ca === true && (names.length > 0 || options.all === true))
      throw new UsageError(
        'rotate --ca takes no names and no --all: it makes every pair anew in its second stage',
      );
    if (options.ca !== true && (options.name !== undefined || options.confirm === true))
      throw new UsageError(`${options.name === undefined ? '--confirm' : '--name'} goes with --ca`);
    if (options.all === true && names.length > 0)
      throw new UsageError('rotate takes names or --all, not both');
    await changeAuthority(context, options, async (authority) => {
      if (options.ca === true)
        sayStep(
          context,
          authority,
          options,
          await advanceRollover(authority, options.confirm === true, options.name),
        );
      else await renewSome(context, authority, options, names);
    });
  });
};

function sayStep(
  context: CertsContext,
  authority: Authority,
  options: RotateOptions,
  step: RolloverStep,
): void {
  const { state, renewed, unsigned } = step;
  if (options.json === true) {
    const pairs = renewed.map((pair) => pairJson(authority, pair));
    context.say(
      JSON.stringify({
        state,
        renewed: pairs,
        waitingForRequest: unsigned.map(({ kind, name }) => ({ kind, name })),
      }),
    );
    return;
  }
  context.say(...advice[state]);
  for (const { kind, name } of renewed) context.say(`  renewed  ${kind} ${name}`);
  if (state === 'trust' && !sharesName(authority)) context.say(...issuerAdvice(authority));
  for (const { kind, name } of unsigned) {
    context.say(
      `  needs a new request  ${kind} ${name}: rowlock certs sign REQUEST --${kind} ${name} --renew`,
    );
  }
}

/** A new name makes REQUIRE ISSUER untrue as soon as a pair is made anew: the statements that do without it. */
function issuerAdvice({ ledger }: Authority): string[] {
  const users = ledger.pairs.filter(({ kind }) => kind === 'user');
  if (users.length === 0) return [];
  return [
    'The new authority has another name. Accounts that require the issuer must do without it before the next stage:',
    ...users.map((pair) => `  ${accountStatements(quoteAccount(pair.name), viewOf(pair), 'subject').alter}`),
    '  (MySQL before 5.7.6: GRANT USAGE ON *.* TO … instead of ALTER USER …)',
  ];
}

async function renewSome(
  context: CertsContext,
  authority: Authority,
  options: RotateOptions,
  names: readonly string[],
): Promise<void> {
  const chosen = choose(authority, options, names, context.now());
  const done: PairRecord[] = [];
  for (const pair of chosen) {
    const renewed = await renewPair(authority, pair);
    done.push(renewed);
    if (options.json !== true) sayPair(context, authority, renewed);
  }
  if (options.json === true)
    context.say(JSON.stringify({ renewed: done.map((pair) => pairJson(authority, pair)) }));
  else if (done.length === 0) context.say(`Nothing ends within ${options.within} days.`);
  else
    context.say(
      '',
      'The old pairs are under old-keys/ and stay valid until they end. Next: rowlock certs deploy --all',
    );
}

function choose(
  authority: Authority,
  options: RotateOptions,
  names: readonly string[],
  now: Date,
): readonly PairRecord[] {
  const { pairs } = authority.ledger;
  if (names.length > 0) return names.flatMap((name) => namedPairs(authority, name));
  if (options.all === true) return pairs.filter(({ keyKind }) => keyKind !== null);
  const line = now.getTime() + options.within * DAY_MS;
  return pairs.filter((pair) => pair.keyKind !== null && Date.parse(certificateOf(pair).validTo) <= line);
}

/** Pairs of a name: `NAME`, or `server/NAME` and `user/NAME` where both kinds have it. */
export function namedPairs(authority: Authority, text: string): PairRecord[] {
  const [, kind, rest = text] = /^(server|user)s?\/(.+)$/.exec(text) ?? [];
  const wanted = pairKinds.filter((candidate) => kind === undefined || candidate === kind);
  const found = authority.ledger.pairs.filter((pair) => wanted.includes(pair.kind) && pair.name === rest);
  if (found.length === 1) return found;
  if (found.length > 1)
    throw new UsageError(`there is a server and a user '${rest}': say server/${rest} or user/${rest}`);
  if (kind !== undefined) return [findPair(authority, wanted[0] ?? 'server', rest)];
  const known = authority.ledger.pairs.map((pair) => pair.name);
  throw new CertificateError('CERTIFICATE_MISSING', `no server or user '${rest}'`, {
    hint: known.length === 0 ? 'There is none yet.' : `Known: ${known.join(', ')}.`,
  });
}
