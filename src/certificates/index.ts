export {
  CertificateError,
  type CertificateErrorCode,
  type RevocationList,
  readRevocationList,
} from '../tls/index.ts';
export {
  accountName,
  accountStatements,
  quoteAccount,
  quoteText,
  type Requirement,
  requirements,
  yasslForm,
} from './account.ts';
export {
  type Authority,
  type AuthorityContext,
  type AuthorityPlan,
  createAuthority,
  currentGeneration,
  openAuthority,
  refuseAuthority,
} from './authority/authority.ts';
export {
  exists,
  type FileImage,
  makeFolder,
  modes,
  namesIn,
  type Owner,
  readText,
  writeAtomic,
} from './authority/files.ts';
export {
  type DeploymentRecord,
  LEDGER_FILE,
  type Ledger,
  type PairKind,
  type PairRecord,
  pairKinds,
  type RolloverStage,
} from './authority/ledger.ts';
export { pairFiles, pairFolder } from './authority/pair-folder.ts';
export {
  certificateOf,
  findPair,
  makePair,
  namesFor,
  type PairPlan,
  renewPair,
  signRequest,
} from './authority/pairs.ts';
export { recoverAuthority } from './authority/recover.ts';
export { DEFAULT_LIST_DAYS, publishLists, revokeCertificate, revokePair } from './authority/revocations.ts';
export {
  advanceRollover,
  isWithdrawingTrust,
  outdatedPairs,
  type RolloverState,
  type RolloverStep,
  type Straggler,
  sharesName,
} from './authority/rollover.ts';
export {
  cameToEnd,
  type DeployedFile,
  describeStep,
  filesToDeploy,
  generationName,
  lookLocal,
  lookScript,
  planDeployment,
  quoteWord,
  readLook,
  recordDeployment,
  type Step,
  stepsScript,
  type TargetState,
  takeSteps,
} from './deployment/index.ts';
export { examineCertificate, type PairRole } from './examination/examine-certificate.ts';
export { examineList } from './examination/examine-list.ts';
export { examinePair, type PairParts } from './examination/examine-pair.ts';
export {
  DAY_MS,
  daysUntil,
  type Examination,
  expiry,
  type Finding,
  type Severity,
  severities,
  type Thresholds,
  worst,
} from './examination/finding.ts';
export { type AlternativeName, parseAlternativeName } from './x509/alternative-names.ts';
export { type CertificateView, inspectCertificate, matchesHost, verifies } from './x509/inspect.ts';
export { isYasslKey, type KeyForm, type KeyKind, keyForms, keyKinds, readKey, sameKey } from './x509/keys.ts';
export { limits } from './x509/limits.ts';
export { formatPem, type PemBlock, type PemKind, parsePem } from './x509/pem.ts';
export { readRequest } from './x509/request.ts';
export { type RevocationReason, revocationReasons } from './x509/revocation.ts';
