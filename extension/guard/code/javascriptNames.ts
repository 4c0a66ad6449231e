export const KEYWORDS = new Set(
  (
    "const let var function return if else for while do switch case break continue new typeof instanceof in of delete void " +
    "try catch finally throw async await yield class extends static get set null true false undefined default"
  ).split(" "),
);

/** Globals that compute and print. */
export const GLOBALS = new Set(
  (
    "console JSON Math Object Array String Number Boolean Date RegExp Map Set WeakMap WeakSet Promise Error TypeError RangeError " +
    "SyntaxError Symbol BigInt parseInt parseFloat isNaN isFinite Buffer URL URLSearchParams encodeURIComponent decodeURIComponent " +
    "encodeURI decodeURI TextEncoder TextDecoder structuredClone setTimeout setImmediate queueMicrotask Intl NaN Infinity performance " +
    "AbortController AbortSignal Event EventTarget Headers Response FormData Blob atob btoa clearTimeout clearInterval clearImmediate " +
    "setInterval WeakRef FinalizationRegistry AggregateError Iterator ReadableStream WritableStream TransformStream crypto " +
    "BigInt64Array BigUint64Array Uint8ClampedArray SharedArrayBuffer Atomics Uint8Array Uint16Array Uint32Array Int8Array Int16Array Int32Array Float32Array Float64Array ArrayBuffer DataView"
  ).split(" "),
);

/** Names by which a value leads to code, modules or processes. */
export const REFUSED_ATTRIBUTES = new Set(
  (
    "constructor prototype mainModule binding dlopen _load _linkedBinding getBuiltinModule sys createRequire runInThisContext " +
    "runInNewContext runInContext compileFunction Script kill chdir setuid setgid require main module " +
    "defineProperty defineProperties setPrototypeOf getPrototypeOf getOwnPropertyDescriptor getOwnPropertyDescriptors " +
    "__defineGetter__ __lookupGetter__ execve allowedNodeEnvironmentFlags"
  ).split(" "),
);

/** Members of `process` that tell something. */
export const PROCESS =
  /^(argv|argv0|execArgv|execPath|version|versions|platform|arch|cwd|env|stdin|stdout|stderr|exit|exitCode|uptime|hrtime|memoryUsage|pid|ppid|title|release|config|nextTick|on|once|off|removeListener|emitWarning|cpuUsage|resourceUsage|getuid|geteuid|getgid)$/;

/** Modules of Node's library whose members compute, read or tell. */
export const PLAIN_MODULES = new Set(
  "path os util url assert querystring string_decoder buffer events punycode crypto zlib perf_hooks timers timers/promises assert/strict path/posix util/types stream stream/promises readline readline/promises {json}".split(
    " ",
  ),
);

/** Modules of which only these members do no more than that. */
export const SOME_OF: Readonly<Record<string, RegExp>> = {
  module: /^(builtinModules|isBuiltin)$/,
  http: /^(createServer|STATUS_CODES|METHODS|maxHeaderSize)$/,
  https: /^$/,
  test: /^(test|it|describe|suite|before|after|beforeEach|afterEach|beforeAll|afterAll|expect|mock|spyOn|skip|todo|only)$/,
  v8: /^(getHeap\w+|serialize|deserialize)$/,
  tty: /^isatty$/,
  net: /^(createServer|isIP|isIPv4|isIPv6)$/,
  async_hooks: /^AsyncLocalStorage$/,
};

/** Modules that are functions or classes themselves. */
export const CALLABLE = /^(assert|assert\/strict|test|events|stream)$/;

/** Functions of `fs` that lose nothing: they read, or make a folder with a name of its own. */
export const FS_READS =
  /^(readFile|readdir|stat|lstat|exists|access|realpath|readlink|statfs|opendir|glob|mkdtemp)(Sync)?$|^(createReadStream|constants)$/;

/** Functions of `fs`, without `Sync`, and what they do to the path that comes first. */
export const FS_EFFECTS: Readonly<
  Record<string, "delete" | "overwrite" | "append" | "create" | "rename" | "copy">
> = {
  rm: "delete",
  unlink: "delete",
  rmdir: "delete",
  writeFile: "overwrite",
  truncate: "overwrite",
  createWriteStream: "overwrite",
  appendFile: "append",
  mkdir: "create",
  rename: "rename",
  copyFile: "copy",
};

/** Functions of `child_process`: whether they take a line or a program with its arguments. */
export const CHILD_PROCESS: Readonly<Record<string, "line" | "argv">> = {
  exec: "line",
  execSync: "line",
  execFile: "argv",
  execFileSync: "argv",
  spawn: "argv",
  spawnSync: "argv",
};

/** Modules of Node's own that do more than their names could be looked into for. */
export const NODE_LIBRARY =
  /^(node:.*|async_hooks|child_process|cluster|console|constants|dgram|diagnostics_channel|dns|domain|fs|http|http2|https|inspector|module|net|process|readline|repl|sea|sqlite|stream|sys|test|tls|trace_events|tty|v8|vm|wasi|worker_threads|bun(:.*)?)(\/.*)?$/;
