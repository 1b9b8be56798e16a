export { archiveRemoteLogs } from './archive-remote.ts';
export { askSecret } from './ask-secret.ts';
export { copyRemoteLogs } from './copy-remote.ts';
export { dumpRemoteLogs } from './dump-remote.ts';
