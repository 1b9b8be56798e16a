export {
  ChecksumError,
  ConnectionError,
  type ErrorContext,
  FormatError,
  LimitError,
  ProtocolError,
  RowlockError,
  SecurityError,
  ServerError,
  TruncatedError,
  UsageError,
} from './family.ts';
