/** A source that a channel may fail over to: a row of performance_schema.replication_asynchronous_connection_failover. */
export interface FailoverSource {
  readonly channel: string;
  readonly host: string;
  readonly port: number;
  /** Always empty: a relay connects from its own namespace. */
  readonly networkNamespace: string;
  /** 1 to 100: the higher, the sooner. */
  readonly weight: number;
}

/** What one may be told apart by: names of channels and hosts are the same in capitals and small letters. */
export const failoverKey = ({
  channel,
  host,
  port,
  networkNamespace,
}: Omit<FailoverSource, 'weight'>): string =>
  JSON.stringify([channel.toLowerCase(), host.toLowerCase(), port, networkNamespace]);

/** Whether the channel is connected to it. */
export const isAt = (
  { host, port }: FailoverSource,
  channel: { readonly sourceHost: string; readonly sourcePort: number },
): boolean => host.toLowerCase() === channel.sourceHost.toLowerCase() && port === channel.sourcePort;
