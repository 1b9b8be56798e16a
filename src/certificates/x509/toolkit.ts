import type * as Asn1 from 'asn1js';
import type * as Pki from 'pkijs';

/** The libraries certificates are written with. Reading needs neither. */
export interface Toolkit {
  readonly asn1: typeof Asn1;
  readonly pki: typeof Pki;
}

let loading: Promise<Toolkit> | undefined;

/** Loads the libraries on first use: a program that only reads certificates never pays for them. */
export function toolkit(): Promise<Toolkit> {
  loading ??= Promise.all([import('asn1js'), import('pkijs')]).then(([asn1, pki]) => ({ asn1, pki }));
  return loading;
}

/** An ArrayBuffer of exactly these bytes, the form the libraries take. */
export function exactly(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
