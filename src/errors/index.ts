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
export { isSystemError, type SystemReason, systemError } from './system-error.ts';
