import {
  type ChannelConfiguration,
  defaultConfiguration,
  type SecretSource,
} from '../channel/configuration.ts';
import type { StateTable } from './state.ts';

type Stored = Omit<ChannelConfiguration, 'sourcePassword'> & {
  readonly sourcePassword?: Exclude<SecretSource, { kind: 'stored' }> | { kind: 'stored'; sealed: string };
};

/** The channels of the last run. Settings that came later have their default. */
export function loadChannels(table: StateTable, replicaNetTimeout: number): ChannelConfiguration[] {
  return [...table.all()].map(([name, text]) => {
    const { sourcePassword, ...stored } = JSON.parse(text) as Stored;
    return {
      ...defaultConfiguration(name, replicaNetTimeout),
      ...stored,
      sourcePassword:
        sourcePassword?.kind === 'stored'
          ? { kind: 'stored', sealed: Buffer.from(sourcePassword.sealed, 'base64') }
          : sourcePassword,
    };
  });
}

export function saveChannel(table: StateTable, configuration: ChannelConfiguration): void {
  const { sourcePassword } = configuration;
  const stored =
    sourcePassword?.kind === 'stored'
      ? { kind: 'stored', sealed: Buffer.from(sourcePassword.sealed).toString('base64') }
      : sourcePassword;
  table.set(configuration.channel, JSON.stringify({ ...configuration, sourcePassword: stored }));
}
