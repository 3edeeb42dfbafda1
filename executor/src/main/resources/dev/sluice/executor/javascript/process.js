// node:process
const { process } = globalThis;
export default process;
export const { argv, env, exit, stdin, stdout, stderr } = process;
