// Runs the script, which is the module of this name that was compiled before this one. Not in one piece: this module has the name too.
const { start, report, end } = globalThis.sluice;
const { process } = globalThis;
delete globalThis.sluice;
start();
import(['function', 'mjs'].join('.')).then(
  () => end(process.exitCode),
  (error) => {
    report(error);
    end(1);
  },
);
