/** What people need to hear for the codes that come up, and what to do. */
const words: Readonly<Record<string, { readonly text: string; readonly hint?: string }>> = {
  ENOSPC: {
    text: 'no space left on the disk',
    hint: 'What was there is unchanged. Make room, then repeat the command.',
  },
  EDQUOT: {
    text: 'disk quota exceeded',
    hint: 'What was there is unchanged. Make room, then repeat the command.',
  },
  EROFS: {
    text: 'the file system is read-only',
    hint: 'Use a folder that can be written, or mount it for writing.',
  },
  EACCES: { text: 'permission denied', hint: 'Run it as the owner of this folder.' },
  EPERM: { text: 'not permitted', hint: 'Giving files to another account needs root.' },
  ENOENT: { text: 'no such file or folder' },
  ENOTDIR: { text: 'a part of this path is a file, not a folder', hint: 'Choose another folder.' },
  EISDIR: { text: 'is a folder, not a file' },
  EEXIST: { text: 'exists already and is never overwritten', hint: 'Choose another folder.' },
  ENOTEMPTY: { text: 'is in the way and not empty' },
  ENAMETOOLONG: { text: 'the name is too long' },
  ELOOP: { text: 'symbolic links lead in a circle' },
};

/** A system error in one line, with the file first as in every other error; then what to do, if that is known. */
export function systemErrorLines(error: NodeJS.ErrnoException): readonly [string, ...string[]] {
  const { code = '', path } = error;
  const known = words[code];
  if (known === undefined) return [error.message];
  const line = `${path === undefined ? '' : `${path}: `}${known.text}`;
  return known.hint === undefined ? [line] : [line, known.hint];
}
