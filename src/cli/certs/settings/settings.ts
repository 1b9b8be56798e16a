/** Where the files are and who uses them. */
export interface SettingsInput {
  /** Folder the files are in on the machine that uses them. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** A revocation list is in force. */
  readonly lists: boolean;
}

/** Lines for one program, ready to be pasted; a password stands nowhere in them. */
export type SettingsWriter = (input: SettingsInput) => readonly string[];

/** Lines for a program, and what they are for. */
export interface Settings {
  readonly about: string;
  readonly write: SettingsWriter;
}

export const authority = ({ folder }: SettingsInput): string => `${folder}/ca.pem`;
export const certificate = ({ folder }: SettingsInput): string => `${folder}/client-cert.pem`;
export const key = ({ folder }: SettingsInput): string => `${folder}/client-key.pem`;
export const list = ({ folder }: SettingsInput): string => `${folder}/crl.pem`;

/** A string of most languages. */
export const text = (value: string): string => JSON.stringify(value);
