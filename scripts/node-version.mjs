// Says in a sentence when Node is too old. It runs before anything else, so it uses nothing that an old Node lacks.

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

export function checkNode() {
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Atrium needs Node 20.19 or newer, and this is ${process.versions.node}. Install it from https://nodejs.org.`,
  );
  process.exit(1);
}
