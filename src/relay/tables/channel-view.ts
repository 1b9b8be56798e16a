import type { ChannelConfiguration } from '../channel/configuration.ts';
import type { ApplierStatus, ReceiverStatus } from '../channel/status.ts';
import { hasSource } from '../statements/channels/replica-status.ts';
import type { ViewSource } from '../statements/context.ts';
import type { ChannelControl } from '../streams.ts';
import { columnsOf, type View, type ViewRow } from '../views/view.ts';

/** A channel, as tables show it. */
export interface ShownChannel {
  readonly control: ChannelControl;
  readonly configuration: ChannelConfiguration;
  readonly receiver: ReceiverStatus;
  readonly applier: ApplierStatus;
  readonly relay: ViewSource['relay'];
}

type Schema = 'performance_schema' | 'mysql';

/** A table with as many rows of each channel as `rows` says. */
export function channelRowsView(
  schema: Schema,
  name: string,
  columns: string,
  rows: (channel: ShownChannel) => readonly ViewRow[],
): View<ViewSource> {
  return {
    schema,
    name,
    columns: columnsOf(columns),
    rows: ({ relay }) =>
      relay.streams.channels.all.filter(hasSource).flatMap((control) => {
        const { configuration } = control;
        return rows({ control, configuration, ...control.status(), relay });
      }),
  };
}

/** A table with a row for each channel. */
export const channelView = (
  schema: Schema,
  name: string,
  columns: string,
  row: (channel: ShownChannel) => ViewRow,
): View<ViewSource> => channelRowsView(schema, name, columns, (channel) => [row(channel)]);
