import { ServerError } from '../../../errors/index.ts';
import { notSupported } from '../../../sql/index.ts';
import { type Context, demandReplicationAdmin } from '../context.ts';
import type { CallValue, PerformedFunction } from './performed-function.ts';

interface FailoverFunction {
  readonly least: number;
  readonly most: number;
  /** @throws ServerError 1123, 3200 */
  change(values: readonly CallValue[], context: Context, name: string): void;
}

/** ER_CANT_INITIALIZE_UDF */
const wrongArguments = (name: string, what: string): ServerError =>
  new ServerError(1123, 'HY000', `Can't initialize function '${name}'; Wrong arguments: ${what}`);
/** ER_UDF_ERROR */
const failed = (name: string, what: string): ServerError =>
  new ServerError(3200, 'HY000', `${name} UDF failed; Error ${what}`);

const TABLE = 'mysql.replication_asynchronous_connection_failover';
/** What its columns hold. */
const MAX_CHANNEL_NAME = 64;
const MAX_HOST = 255;
const DEFAULT_WEIGHT = 50;

function sourceOf([channel = null, host = null, port, namespace = null]: readonly CallValue[], name: string) {
  if (typeof channel === 'number') throw wrongArguments(name, 'You need to specify channel name.');
  if (typeof host !== 'string' || host === '') throw wrongArguments(name, 'You need to specify hostname.');
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw wrongArguments(name, 'You need to specify value for port.');
  if (typeof namespace === 'number')
    throw wrongArguments(name, 'You need to specify a string value for network_namespace.');
  return { channel: channel ?? '', host, port, networkNamespace: namespace ?? '' };
}

const GROUPS = 'A relay is in no group; give its members with asynchronous_connection_failover_add_source';
const managed = (least: number, most: number): FailoverFunction => ({
  least,
  most,
  change: (_values, _context, name) => {
    throw notSupported(name, GROUPS);
  },
});

/** What MySQL has as loadable functions: each changes the list of sources that channels fail over to. */
const functions: Readonly<Record<string, FailoverFunction>> = {
  asynchronous_connection_failover_add_source: {
    least: 3,
    most: 5,
    change: (values, { relay }, name) => {
      const source = sourceOf(values, name);
      const weight = values.length < 5 ? DEFAULT_WEIGHT : values[4];
      if (typeof weight !== 'number' || !Number.isInteger(weight) || weight < 1 || weight > 100)
        throw wrongArguments(name, 'The weight argument value should be integer value between 1-100.');
      if (source.networkNamespace !== '')
        throw notSupported('network_namespace', 'Start the relay inside the namespace');
      if (source.channel.length > MAX_CHANNEL_NAME) throw failed(name, `saving channel field of ${TABLE}.`);
      if (source.host.length > MAX_HOST) throw failed(name, `saving host field of ${TABLE}.`);
      if (!relay.failover.add({ ...source, weight })) throw failed(name, 'inserting row to the table.');
    },
  },
  asynchronous_connection_failover_delete_source: {
    least: 3,
    most: 4,
    change: (values, { relay }, name) => {
      if (!relay.failover.delete(sourceOf(values, name)))
        throw failed(name, 'no matching row was found to be deleted.');
    },
  },
  asynchronous_connection_failover_add_managed: managed(5, 8),
  asynchronous_connection_failover_delete_managed: managed(2, 2),
  asynchronous_connection_failover_reset: {
    least: 0,
    most: 0,
    change: (_values, { relay }) => relay.failover.clear(),
  },
};

const wrongCount = (name: string, tooMany: boolean): ServerError => {
  const { most } = functions[name]!;
  if (!tooMany) return wrongArguments(name, 'You need to specify all mandatory arguments.');
  return wrongArguments(
    name,
    most === 0 ? 'The function takes no arguments.' : `You must specify max ${most} arguments.`,
  );
};

/** What changes the lists, for who may change channels. */
export const failoverFunctions: Readonly<Record<string, PerformedFunction>> = Object.fromEntries(
  Object.entries(functions).map(([called, { least, most, ...does }]): [string, PerformedFunction] => [
    called,
    {
      least,
      most,
      wrongCount,
      run: (values, context, name) => {
        demandReplicationAdmin(context);
        does.change(values, context, name);
        context.relay.audit.record('change', { what: name, values: values.join(',') });
        return `The UDF ${name}() executed successfully.`;
      },
    },
  ]),
);
