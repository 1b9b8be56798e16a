export {
  ChecksumError,
  type ErrorContext,
  FormatError,
  LimitError,
  RowlockError,
  TruncatedError,
  UsageError,
} from './family.ts';
