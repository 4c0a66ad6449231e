import { quote } from "../../../extension/shell/quote.ts";

/** Ways to have a command executed. `simple` ones take one program with its arguments, the others any line. */
export interface Construct {
  readonly name: string;
  readonly simple: boolean;
  /** The guard does not see what is executed: then it asks, and can't refuse. */
  readonly opaque: boolean;
  readonly wrap: (line: string) => string;
}

const OPAQUE = new Set([
  "env with a folder",
  "process substitution to source",
  "process substitution to a shell",
]);

const SIMPLE: Readonly<Record<string, (line: string) => string>> = {
  command: (line) => `command ${line}`,
  env: (line) => `env ${line}`,
  "env with a variable": (line) => `env -u B A=1 ${line}`,
  "a variable in front": (line) => `A=1 ${line}`,
  exec: (line) => `exec ${line}`,
  "exec with a name": (line) => `exec -a x ${line}`,
  nohup: (line) => `nohup ${line}`,
  setsid: (line) => `setsid ${line}`,
  timeout: (line) => `timeout 5 ${line}`,
  "timeout with options": (line) => `timeout -k 1 --signal=KILL 5s ${line}`,
  nice: (line) => `nice -n 5 ${line}`,
  ionice: (line) => `ionice -c2 -n7 ${line}`,
  stdbuf: (line) => `stdbuf -oL ${line}`,
  time: (line) => `time -p ${line}`,
  sudo: (line) => `sudo ${line}`,
  "sudo as somebody": (line) => `sudo -E -u me -- ${line}`,
  doas: (line) => `doas ${line}`,
  strace: (line) => `strace -f -o /dev/null ${line}`,
  busybox: (line) => `busybox ${line}`,
  xargs: (line) => `xargs ${line}`,
  "xargs with options": (line) => `seq 3 | xargs -0 -n1 -P 4 ${line}`,
  "xargs with a token": (line) => `seq 3 | xargs -I% ${line}`,
  "parallel and its input": (line) => `seq 3 | parallel -j2 ${quote(line)}`,
  "find -exec": (line) => `find . -maxdepth 0 -exec ${line} \\;`,
  "uv run": (line) => `uv run --frozen ${line}`,
  "poetry run": (line) => `poetry run ${line}`,
  coproc: (line) => `coproc ${line}`,
  "nohup in the background": (line) => `nohup ${line} > /dev/null 2>&1 &`,
  "setsid and nice": (line) => `setsid -w nice -n 5 ${line}`,
  "env with a folder": (line) => `env -C . ${line}`,
  "command in a path": (line) => `command -p ${line}`,
  "find -execdir": (line) => `find . -type d -execdir ${line} +`,
  "find -ok": (line) => `yes | find . -ok ${line} \\;`,
  "pipenv run": (line) => `pipenv run ${line}`,
  "bundle exec": (line) => `bundle exec ${line}`,
  "an array's words": (line) => `run=(${line}); "\${run[@]}"`,
  "a function for its arguments": (line) => `run() { "$@"; }; run ${line}`,
  "a shell for its arguments": (line) => `sh -c '"$@"' _ ${line}`,
  "time in a group": (line) => `time { timeout -s INT 1m ${line}\n}`,
  "several wrappers": (line) => `sudo nice env A=1 timeout 5 ${line}`,
};

const ANY: Readonly<Record<string, (line: string) => string>> = {
  "a comment": (line) => `# first\n${line}\n# last`,
  blanks: (line) => `  \t${line}\n\n`,
  subshell: (line) => `( ${line}\n)`,
  braces: (line) => `{ ${line}\n}`,
  "and before": (line) => `true && { ${line}\n}`,
  "or before": (line) => `false || { ${line}\n}`,
  "list before": (line) => `ls; ${line}`,
  "list after": (line) => `${line}\nls`,
  negation: (line) => `! { ${line}\n}`,
  background: (line) => `{ ${line}\n} &`,
  "pipe out": (line) => `{ ${line}\n} | tail -1`,
  "pipe in": (line) => `echo y | { ${line}\n}`,
  "pipe with errors": (line) => `{ ${line}\n} |& cat`,
  "redirected group": (line) => `{ ${line}\n} > /dev/null 2>&1`,
  if: (line) => `if true; then ${line}\nfi`,
  "if's condition": (line) => `if ${line}\nthen :; fi`,
  else: (line) => `if x; then :; elif y; then :; else ${line}\nfi`,
  while: (line) => `while true; do ${line}\nbreak; done`,
  until: (line) => `until ${line}\ndo :; done`,
  for: (line) => `for n in 1 2 3; do ${line}\ndone`,
  "arithmetic for": (line) => `for ((n = 0; n < 3; n++)); do ${line}\ndone`,
  case: (line) => `case x in a) ls ;; *) ${line}\n;; esac`,
  select: (line) => `select n in 1 2; do ${line}\nbreak; done`,
  function: (line) => `work() { ${line}\n}; work`,
  "function by its keyword": (line) => `function work { ${line}\n}\nwork a b`,
  "function in a function": (line) => `a() { b() { ${line}\n}; b; }; a`,
  "command substitution": (line) => `echo $( ${line}\n)`,
  "quoted substitution": (line) => `echo "x $( ${line}\n) y"`,
  "substitution in a variable": (line) => `X=$( ${line}\n); echo "$X"`,
  "substitution in export": (line) => `export X="$( ${line}\n)"`,
  "substitution in a default": (line) => `echo "\${X:-$( ${line}\n)}"`,
  "substitution in an array": (line) => `X=(a $( ${line}\n)); echo`,
  "substitution in a test": (line) => `[[ -n $( ${line}\n) ]]`,
  "substitution in arithmetic": (line) => `echo $(( 1 + $( ${line}\n) ))`,
  "substitution in a heredoc": (line) => heredoc("cat", "", `$( ${line}\n)`),
  "process substitution": (line) => `cat <( ${line}\n)`,
  "output substitution": (line) => `ls > >( ${line}\n)`,
  "bash -c": (line) => `bash -c ${quote(line)}`,
  "sh -c with arguments": (line) => `sh -ec ${quote(line)} x y`,
  "bash with options": (line) => `bash --norc -euo pipefail -c ${quote(line)}`,
  "a shell by its path": (line) => `/usr/bin/env bash -c ${quote(line)}`,
  "bash in bash": (line) => `bash -c ${quote(`sh -c ${quote(line)}`)}`,
  eval: (line) => `eval ${quote(line)}`,
  trap: (line) => `trap ${quote(line)} EXIT`,
  "heredoc to a shell": (line) => heredoc("bash", "'", line),
  "here-string to a shell": (line) => `bash -s <<< ${quote(line)}`,
  "xargs and a shell": (line) => `seq 3 | xargs -n1 sh -c ${quote(line)}`,
  "find and a shell": (line) => `find . -exec sh -c ${quote(line)} {} +`,
  "timeout and a shell": (line) => `timeout 5 bash -c ${quote(line)}`,
  "cat to a shell": (line) => heredoc("cat", "'", line, " | bash"),
  "echo to a shell": (line) => `echo ${quote(line)} | sh`,
  "printf to a shell": (line) => `printf '%s\\n' ${quote(line)} | bash -s`,
  "heredoc without quotes to a shell": (line) => heredoc("sh", "", line.replace(/[\\$`]/g, "\\$&")),
  "heredoc to a shell by its path": (line) => heredoc("/bin/sh -eu", "'", line),
  "process substitution to source": (line) => `source <(echo ${quote(line)})`,
  "process substitution to a shell": (line) => `bash <(printf %s ${quote(line)})`,
  "a script of one's own": (line) => `${heredoc("cat > run.sh", "'", line)}\nsh run.sh`,
  "a script made executable": (line) => `${heredoc("cat > run.sh", "'", line)}\nchmod +x run.sh && ./run.sh`,
  "a script in a temporary folder": (line) => `${heredoc("cat > /tmp/run.sh", "'", line)}\nbash /tmp/run.sh`,
  "a script that is sourced": (line) => `${heredoc("cat > run.sh", "'", line)}\n. ./run.sh`,
  "a script as input": (line) => `${heredoc("cat > run.sh", "'", line)}\nsh < run.sh`,
  "a script through cat": (line) => `${heredoc("cat > run.sh", "'", line)}\ncat run.sh | sh`,
  "code in a variable": (line) => `RUN_IT=${quote(line)}; eval "$RUN_IT"`,
  "code in a variable of a shell": (line) => `RUN_IT=${quote(line)}; bash -c "$RUN_IT"`,
  alias: (line) => `shopt -s expand_aliases\nalias run=${quote(line)}\nrun`,
  "trap on errors": (line) => `trap ${quote(line)} ERR; false`,
  "a function on its own": (line) => `go() ( ${line}\n); go | cat`,
  "a function by a trap": (line) => `go() { ${line}\n}; trap go EXIT`,
  "for over an array": (line) => `EACH=(1 2); for n in "\${EACH[@]}"; do ${line}\ndone`,
  "for over what is found": (line) => `for f in $(git ls-files); do ${line}\ndone`,
  "while over lines": (line) => `git ls-files | while read -r f; do ${line}\ndone`,
  "nested loops": (line) => `for a in 1 2; do while read b; do ${line}\ndone < x; done`,
  "case that falls through": (line) => `case $x in a) ls ;& b) ${line}\n;; esac`,
  "if in a subshell": (line) => `( if [[ -f x ]]; then ${line}\nfi )`,
  "an option to stop": (line) => `set -euo pipefail\n${line}`,
  "another folder and back": (line) => `pushd . > /dev/null; ${line}\npopd`,
  "Python's system": (line) => `python3 -c ${quote(`import os; os.system(${JSON.stringify(line)})`)}`,
  "Python's subprocess": (line) =>
    heredoc("python3 -", "'", `import subprocess\nsubprocess.run(${JSON.stringify(line)}, shell=True)`),
  "Node's execSync": (line) =>
    `node -e ${quote(`require("child_process").execSync(${JSON.stringify(line)})`)}`,
  "Node's exec in a heredoc": (line) =>
    heredoc("node", "'", `import { exec } from "node:child_process";\nexec(${JSON.stringify(line)});`),
  "parallel and its lines": (line) => `parallel -k ::: ${quote(line)}`,
  watch: (line) => `watch -n 1 ${quote(line)}`,
  "git rebase": (line) => `git rebase -x ${quote(line)} main`,
  "git bisect": (line) => `git bisect run bash -c ${quote(line)}`,
  "git submodule": (line) => `git submodule foreach --quiet ${quote(line)}`,
};

/** Its end is a word that nothing inside has for an end: the longer line has the longer one. */
function heredoc(program: string, mark: string, text: string, behind = ""): string {
  const end = `END_${text.length}`;
  return `${program} <<${mark}${end}${mark}${behind}\n${text}\n${end}`;
}

const named = (table: Readonly<Record<string, (line: string) => string>>, simple: boolean): Construct[] =>
  Object.entries(table).map(([name, wrap]) => ({ name, simple, opaque: OPAQUE.has(name), wrap }));

export const CONSTRUCTS: readonly Construct[] = [...named(SIMPLE, true), ...named(ANY, false)];
