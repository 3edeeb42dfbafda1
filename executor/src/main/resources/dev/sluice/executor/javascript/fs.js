// What of node:fs there is.
const { fs } = globalThis.sluice;
export default fs;
export const { readFileSync } = fs;
