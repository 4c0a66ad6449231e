import { quoteAll } from "../../shell/quote.ts";
import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { actionOf } from "./subcommands.ts";

/** Options in front of the sub-command that take the next word; some choose another machine. */
const GLOBAL = {
  values:
    /^(-H|--host|-c|--context|--connection|--config|-l|--log-level|--tls(cacert|cert|key)|--url|--identity|--root|--runroot|--address|-n|--namespace|--storage-opt)$/,
  flags: /^(-D|--debug|--tls|--tlsverify|-r|--remote|-v|--version|--help)$/,
};
const ELSEWHERE = /^(-H|--host|-c|--context|--connection|--url)(=|$)/;
const COMPOSE = {
  values:
    /^(-f|--file|-p|--project-name|--profile|--env-file|--project-directory|--ansi|--progress|--parallel|-c|--context|-H|--host|--podman-\S+)$/,
  flags: /^(--(all-resources|compatibility|dry-run|verbose|no-ansi|version|help)|-v|-h)$/,
};

const READS =
  /^(ps|images|logs|inspect|version|info|stats|top|port|diff|history|search|events|pull|(container|image|volume|network|context|system|manifest|buildx|plugin|builder) (ls|list|ps|logs|inspect|df|info|images|top|port|version|show|diff|history|events|stats|pull|du))\b|^$/;
const COMPOSE_READS = /^(ps|logs|config|images|top|events|port|version|ls|stats|pull|convert)$/;
/** Starts and ends the project's own services; what their volumes hold stays. */
const COMPOSE_RUNS = /^(up|start|restart|stop|pause|unpause|create|build|watch|down)$/;
/** With these, volumes or images go, or something is sent. */
const COMPOSE_LOSES = /^(-v|--volumes|--rmi(=.*)?|--push|-V|--renew-anon-volumes)$/;

/** What of `docker run` leaves this machine's files alone. */
const RUN_FLAGS = /^(--rm|-[itd]+|--interactive|--tty|--detach|--init|--pull(=\w+)?|-q|--quiet|--read-only)$/;
const RUN_VALUES =
  /^(--name|-p|--publish|-e|--env|-w|--workdir|-u|--user|--platform|--entrypoint|-m|--memory|--cpus|-h|--hostname|--restart|--health-\w+|--label|-l|--shm-size)$/;
const EXEC_VALUES = /^(-e|--env|-w|--workdir|-u|--user|--index|--env-file|--detach-keys)$/;

/** Splits words into leading options with their values, and the rest. */
function behind(
  args: readonly ShellWord[],
  values: RegExp,
): readonly [own: readonly ShellWord[], rest: readonly ShellWord[]] {
  let at = 0;
  while (at < args.length && args[at]?.text.startsWith("-") === true)
    at += values.test(args[at]?.text ?? "") ? 2 : 1;
  return [args.slice(0, at), args.slice(at)];
}

/** What runs inside of a container: only what surely reads, or runs the project, passes. */
function judgeInside(call: ProgramCall, argv: readonly ShellWord[]): void {
  const known = argv.length > 0 && argv.every((word) => word.known && !word.glob);
  const effects = known ? call.nested(quoteAll(argv.map(({ text }) => text)), ["/"]) : [];
  const harmless =
    effects.length > 0 &&
    effects.every(
      ({ kind, rule }) =>
        kind === "read" || rule === "network.read" || rule === "fs.write" || kind === "run.project",
    );
  call.add(harmless ? "network.read" : "remote.change");
}

/** `docker run IMAGE`: without a part of this machine's files it can't touch them. */
function judgeRun(call: ProgramCall, args: readonly ShellWord[]): void {
  const [own, rest] = behind(args, RUN_VALUES);
  const plain = own.every(({ text }, at) => {
    const isValue = RUN_VALUES.test(own[at - 1]?.text ?? "");
    return isValue || RUN_FLAGS.test(text) || RUN_VALUES.test(text.replace(/=.*$/s, ""));
  });
  call.add(
    plain && rest.length > 0 && own.every((word) => word.known || word.prefix !== undefined)
      ? "run.project"
      : "remote.change",
  );
}

function judgeCompose(call: ProgramCall, args: readonly ShellWord[]): void {
  const { at, unclear } = actionOf(args, COMPOSE);
  const [action, ...rest] = at < 0 ? [] : args.slice(at);
  const word = action?.text ?? "";
  if (unclear) call.add("unclear.options");
  else if (word === "" || COMPOSE_READS.test(word)) call.add("read");
  else if (args.slice(0, at).some(({ text }) => ELSEWHERE.test(text))) call.add("remote.change");
  else if (rest.some(({ text }) => text === "--push")) call.add("publish");
  else if (COMPOSE_RUNS.test(word) && !rest.some(({ text }) => COMPOSE_LOSES.test(text)))
    call.add("run.project");
  else if (/^(exec|run)$/.test(word)) {
    const [own, inside] = behind(rest, EXEC_VALUES);
    const mounts = own.some(({ text }) => /^(-v|--volume|--entrypoint|--privileged)/.test(text));
    if (mounts) call.add("remote.change");
    else judgeInside(call, inside.slice(1));
  } else call.add(word === "push" ? "publish" : "remote.change");
}

const PUSHES = /^(--push|(-o|--output)?=?.*(type=registry|push=true).*)$/;

const docker: Analyser = (call) => {
  const { at, unclear } = actionOf(call.args, GLOBAL);
  const [own, [action, ...rest]] = at < 0 ? [call.args, []] : [call.args.slice(0, at), call.args.slice(at)];
  const word = action?.text ?? "";
  const line = [word, ...rest.filter(({ text }) => !text.startsWith("-")).map(({ text }) => text)]
    .slice(0, 2)
    .join(" ");
  if (unclear || action?.known === false) call.add("unclear.options");
  else if (word !== "compose" && READS.test(line)) call.add("read");
  else if (own.some(({ text }) => ELSEWHERE.test(text))) call.add("remote.change");
  else if (word === "compose") judgeCompose(call, rest);
  else if (/^(build|buildx build|buildx bake|image build)\b/.test(line)) {
    if (rest.some(({ text }) => PUSHES.test(text))) call.add("publish");
    else if (rest.some(({ text }) => /^(-o|--output)/.test(text))) call.add("unclear.options");
    else call.add("run.project");
  } else if (/^(exec|container exec)\b/.test(line)) {
    const [, inside] = behind(word === "exec" ? rest : rest.slice(1), EXEC_VALUES);
    judgeInside(call, inside.slice(1));
  } else if (word === "run") judgeRun(call, rest);
  else if (/^(start|container start)\b/.test(line)) call.add("run.project");
  else if (/^(push|image push|manifest push)\b/.test(line)) call.add("publish");
  else if (word === "login") call.add("secret.read");
  else call.add("remote.change");
};

const compose: Analyser = (call) => judgeCompose(call, call.args);

export const containers: Readonly<Record<string, Analyser>> = {
  docker,
  podman: docker,
  nerdctl: docker,
  "docker-compose": compose,
  "podman-compose": compose,
};
