// What a script finds besides ECMAScript: the part of Node.js that reaches nobody. Runs once, before there is any script.
const invoke = globalThis.java_invoke;
for (const name of ['java_invoke', 'plugin', 'Javy']) delete globalThis[name];

const tell = (operation, text) => invoke(operation, '', text.toWellFormed());

function text(value) {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return described(value);
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function described(error) {
  const stack = typeof error.stack === 'string' ? error.stack.replace(/function\.mjs/g, 'script.mjs').trimEnd() : '';
  return stack ? `${error}\n${stack}` : String(error);
}

const line = (values) => values.map(text).join(' ') + '\n';
const out = (...values) => tell('stdout', line(values));
const err = (...values) => tell('stderr', line(values));
globalThis.console = { log: out, info: out, debug: out, error: err, warn: err, trace: err };

let input = '';
const env = Object.create(null);
const argv = ['js', 'script.mjs'];
const stream = (fd, operation) => ({ fd, write: (chunk) => (tell(operation, String(chunk)), true) });
const stdin = { fd: 0, setEncoding() {}, async *[Symbol.asyncIterator]() { if (input) yield input; } };
const exit = (code = process.exitCode) => tell('exit', String(code & 255));
globalThis.process = { argv, env, exit, stdin, stdout: stream(1, 'stdout'), stderr: stream(2, 'stderr') };

class Bytes extends Uint8Array {
  toString() {
    return new TextDecoder().decode(this);
  }
}

function readFileSync(path, options) {
  if (path !== 0 && path !== '/dev/stdin') {
    throw new Error(`ENOENT: scripts have no files, only standard input (0 or '/dev/stdin'), open '${path}'`);
  }
  const encoding = typeof options === 'string' ? options : options?.encoding;
  if (encoding && !/^utf-?8$/i.test(encoding)) throw new Error(`Unknown encoding: ${encoding}`);
  return encoding ? input : new Bytes(new TextEncoder().encode(input));
}

// QuickJS seeds its own generator when it begins, which is the same for all who go on from there.
function generator([a, b, c, d]) {
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}

function start() {
  const given = JSON.parse(invoke('start', '', ''));
  input = given.stdin;
  argv.push(...given.arguments);
  Object.assign(env, given.environment);
  Math.random = generator(given.seed);
}

function report(error) {
  try {
    err('Uncaught', error);
  } catch {
    tell('stderr', 'Uncaught error that cannot be shown\n');
  }
}

globalThis.sluice = { fs: { readFileSync }, start, report, end: (code) => tell('end', String(code & 255)) };
