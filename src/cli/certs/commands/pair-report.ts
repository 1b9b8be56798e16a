import { relative } from 'node:path';
import {
  type Authority,
  type CertificateView,
  inspectCertificate,
  type PairRecord,
  pairFiles,
  pairFolder,
  parsePem,
} from '../../../certificates/index.ts';
import type { CertsContext } from '../context.ts';

/** A pair as programs read it: never with a key. */
export function pairJson(authority: Authority, pair: PairRecord): Record<string, unknown> {
  const view = viewOf(pair);
  return {
    kind: pair.kind,
    name: pair.name,
    folder: pairFolder(authority, pair.kind, pair.name),
    subject: view.subject,
    issuer: view.issuer,
    serial: view.serial,
    names: view.names.map(({ value }) => value),
    key: view.key.text,
    notBefore: view.notBefore.toISOString(),
    notAfter: view.notAfter.toISOString(),
    fingerprint: view.fingerprint,
  };
}

/** The certificate of a pair, explained. */
export function viewOf(pair: PairRecord): CertificateView {
  const [block] = parsePem(pair.certificate);
  return inspectCertificate(block?.der ?? Buffer.alloc(0));
}

/** Lines for a person: what was made, where, until when. */
export function sayPair(context: CertsContext, authority: Authority, pair: PairRecord): void {
  const view = viewOf(pair);
  const folder = pairFolder(authority, pair.kind, pair.name);
  const files = pairFiles[pair.kind];
  const names = view.names.map(({ value }) => value).join(', ');
  context.say(
    `${pair.kind === 'server' ? 'Server' : 'User'} ${pair.name}: ${view.subject}, ${view.key.text}, valid until ${view.notAfter.toISOString().slice(0, 10)}.`,
    ...(pair.kind === 'server'
      ? [`  names  ${names === '' ? 'none: clients cannot verify who this is (--san)' : names}`]
      : []),
    `  files  ${relative(context.cwd, folder) || '.'}/{ca.pem,${files.certificate}${pair.keyKind === null ? '' : `,${files.key}`}}`,
  );
}
