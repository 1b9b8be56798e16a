import { Channel, type ChannelSurroundings } from './channel/channel.ts';
import type { ChannelConfiguration } from './channel/configuration.ts';
import type { ChannelControl, Channels } from './streams.ts';

/** The channels, by name. Names are the same in capitals and small letters. */
export class ChannelSet implements Channels {
  readonly #surroundings: ChannelSurroundings;
  readonly #channels = new Map<string, Channel>();

  constructor(surroundings: ChannelSurroundings) {
    this.#surroundings = surroundings;
  }

  get all(): readonly ChannelControl[] {
    return [...this.#channels].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, channel]) => channel);
  }

  get(channel: string): ChannelControl | undefined {
    return this.#channels.get(channel.toLowerCase());
  }

  async configure(configuration: ChannelConfiguration, anew = false): Promise<ChannelControl> {
    const key = configuration.channel.toLowerCase();
    const known = this.#channels.get(key);
    if (known !== undefined) {
      await known.configure(configuration, anew);
      return known;
    }
    const channel = await Channel.open(configuration, this.#surroundings);
    this.#channels.set(key, channel);
    return channel;
  }

  async remove(name: string): Promise<void> {
    const key = name.toLowerCase();
    const channel = this.#channels.get(key);
    this.#channels.delete(key);
    await channel?.remove();
  }

  async close(): Promise<void> {
    for (const channel of this.#channels.values()) await channel.close();
  }
}
