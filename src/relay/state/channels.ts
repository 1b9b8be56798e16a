import {
  type ChannelConfiguration,
  type ChannelTarget,
  defaultConfiguration,
  NO_TARGET,
  type SecretSource,
} from '../channel/configuration.ts';
import type { StateTable } from './state.ts';

type Kept =
  | Exclude<SecretSource, { kind: 'stored' }>
  | { readonly kind: 'stored'; readonly sealed: string }
  | undefined;

interface Stored extends Omit<ChannelConfiguration, 'sourcePassword' | 'target'> {
  readonly sourcePassword?: Kept;
  readonly target?: Omit<ChannelTarget, 'password'> & { readonly password?: Kept };
}

/** The channels of the last run. Settings that came later have their default. */
export function loadChannels(table: StateTable, replicaNetTimeout: number): ChannelConfiguration[] {
  return [...table.all()].map(([name, text]) => {
    const { sourcePassword, target, ...stored } = JSON.parse(text) as Stored;
    return {
      ...defaultConfiguration(name, replicaNetTimeout),
      ...stored,
      sourcePassword: revived(sourcePassword),
      target: { ...NO_TARGET, ...target, password: revived(target?.password) },
    };
  });
}

export function saveChannel(table: StateTable, configuration: ChannelConfiguration): void {
  const { sourcePassword, target } = configuration;
  const stored: Stored = {
    ...configuration,
    sourcePassword: kept(sourcePassword),
    target: { ...target, password: kept(target.password) },
  };
  table.set(configuration.channel, JSON.stringify(stored));
}

const kept = (secret: SecretSource | undefined): Kept =>
  secret?.kind === 'stored'
    ? { kind: 'stored', sealed: Buffer.from(secret.sealed).toString('base64') }
    : secret;

const revived = (secret: Kept): SecretSource | undefined =>
  secret?.kind === 'stored' ? { kind: 'stored', sealed: Buffer.from(secret.sealed, 'base64') } : secret;
