// Imported before anything else by what a newcomer runs first: an older Node would end in a stack of something it does not know.
const OLDEST = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`Rowlock needs Node ${OLDEST.join('.')} or later, this is ${process.versions.node}`);
  process.exit(1);
}
