export { CertificateError, type CertificateErrorCode } from '../tls/index.ts';
export {
  accountStatements,
  quoteAccount,
  quoteText,
  type Requirement,
  requirements,
  yasslForm,
} from './account.ts';
export { type AlternativeName, addressText, parseAlternativeName } from './alternative-names.ts';
export {
  type Authority,
  type AuthorityContext,
  type AuthorityPlan,
  createAuthority,
  currentGeneration,
  openAuthority,
  publishTrust,
  refuseAuthority,
  save as saveLedger,
  trustBundle,
} from './authority.ts';
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
export { examineCertificate, type PairRole } from './examine-certificate.ts';
export { examineList } from './examine-list.ts';
export { examinePair, type PairParts } from './examine-pair.ts';
export {
  exists,
  type FileImage,
  makeFolder,
  modes,
  namesIn,
  type Owner,
  readText,
  writeAtomic,
} from './files.ts';
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
} from './finding.ts';
export { type CertificateView, inspectCertificate, matchesHost, verifies } from './inspect.ts';
export { isYasslKey, type KeyForm, type KeyKind, keyForms, keyKinds, readKey, sameKey } from './keys.ts';
export {
  type DeploymentRecord,
  LEDGER_FILE,
  type Ledger,
  type PairKind,
  type PairRecord,
  pairKinds,
  type RolloverStage,
} from './ledger.ts';
export { limits } from './limits.ts';
export { pairFiles, pairFolder } from './pair-folder.ts';
export {
  certificateOf,
  findPair,
  makePair,
  namesFor,
  type PairPlan,
  renewPair,
  signRequest,
} from './pairs.ts';
export { formatPem, type PemBlock, type PemKind, parsePem } from './pem.ts';
export { recoverAuthority } from './recover.ts';
export { readRequest } from './request.ts';
export {
  type RevocationList,
  type RevocationReason,
  readRevocationList,
  revocationReasons,
} from './revocation.ts';
export { DEFAULT_LIST_DAYS, publishLists, revokeCertificate, revokePair } from './revocations.ts';
export {
  advanceRollover,
  isWithdrawingTrust,
  outdatedPairs,
  type RolloverState,
  type RolloverStep,
  type Straggler,
  sharesName,
  stragglers,
} from './rollover.ts';
