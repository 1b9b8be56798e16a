export type {
  ChecksumInspection,
  CompressionInspection,
  EventTypeCount,
  FileInspection,
  GtidInspection,
  Inspection,
  LargeTransaction,
  RefusedInspection,
  TableInspection,
  TransactionInspection,
} from './inspection.ts';
export { Inspector } from './inspector.ts';
