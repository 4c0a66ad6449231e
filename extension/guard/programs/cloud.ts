import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { isSecretName } from "../places.ts";
import { type DryRun, isDryRun } from "./dryRun.ts";
import { operandReadings } from "./subcommands.ts";

/** A command line of a service: what it is asked only to tell, and what it runs here. */
interface Service {
  readonly looks: RegExp;
  /** Runs the project on this machine. */
  readonly runs?: RegExp;
  /** Options that take the next word. */
  readonly values?: RegExp;
  /** Options that take none, beside those of most of them. */
  readonly flags?: RegExp;
  /** Options without which its words only look, and with which they do more. */
  readonly unless?: RegExp;
  /** How what changes is only tried. */
  readonly tries?: DryRun;
  /** Acts without a word, too: by its options, or by what is in its input or its folder. */
  readonly acts?: true;
  /** Prints keys and passwords, whatever else it does. */
  readonly secrets?: (words: string, call: ProgramCall) => boolean;
}

const FLAGS = /^(-q|-v|--(debug|verbose|quiet|json|yes|no-[\w-]+))$/;
const TELLS = /^(--version|--help|-h)$/;

/** Asks for help or the version at the end of plain words: behind an option it is that one's value, or another program's word. */
function asksForHelp(args: readonly ShellWord[]): boolean {
  const before = args.slice(0, -1);
  const runs = before.length > 1 && /^(exec|run|ssh)\b/.test(before[0]?.text ?? "");
  return (
    TELLS.test(args.at(-1)?.text ?? "") &&
    !runs &&
    before.every(({ text, known }) => known && !text.startsWith("-"))
  );
}

function service({ looks, runs, values, flags, unless, tries, acts, secrets }: Service): Analyser {
  const names = { values: values ?? /^$/, flags: new RegExp(`${FLAGS.source}|${(flags ?? /^$/).source}`) };
  return (call) => {
    const readings = operandReadings(call, names);
    const lines = readings.map((operands) => operands.map(({ text }) => text).join(" "));
    const every = (holds: (line: string) => boolean): boolean => lines.length > 0 && lines.every(holds);
    const has = (pattern: RegExp): boolean => call.args.some(({ text }) => pattern.test(text));
    const known = readings.every((operands) => operands.slice(0, 3).every((word) => word.known));
    if (lines.some((line) => secrets?.(line, call) === true)) call.add("secret.read");
    const isTried = tries !== undefined && isDryRun(call, tries);
    const isBare = call.args.every(({ text, known }) => known && text !== "--");
    const isIdle = acts !== true && every((line) => (line === "" ? isBare : /^(version|help)\b/.test(line)));
    if (asksForHelp(call.args) || isIdle) call.add("network.read");
    else if (!known || (unless !== undefined && has(unless))) call.add("remote.change");
    else if (isTried || every((line) => looks.test(line))) call.add("network.read");
    else if (runs !== undefined && every((line) => looks.test(line) || runs.test(line)))
      call.add("run.project");
    else call.add("remote.change");
  };
}

const has = ({ args }: ProgramCall, pattern: RegExp): boolean => args.some(({ text }) => pattern.test(text));

/** Tells what secrets hold, and not only which there are. */
const FULL = /^(-o|--output)?=?(.*json.*|.*yaml.*|go-template.*|custom-columns.*)$/;

const KUBECTL: Service = {
  values:
    /^(-[nlcofsv]|--(namespace|context|cluster|user|kubeconfig|selector|container|output|field-selector|since|since-time|tail|sort-by|filename|server|as|as-group|as-uid|template|token|username|password|request-timeout|cache-dir|certificate-authority|client-certificate|client-key|tls-server-name|profile|profile-output|v|vmodule|chunk-size|label-columns|for|timeout|limit))$/,
  flags:
    /^(-[AwpR]|--(all|all-namespaces|all-containers|watch|watch-only|follow|previous|recursive|show-labels|show-kind|ignore-not-found|insecure-skip-tls-verify|match-server-version|warnings-as-errors|timestamps|prefix|server-print))$/,
  looks:
    /^(get|describe|logs|explain|top|api-resources|api-versions|cluster-info|diff|wait|events|rollout (status|history)|auth (can-i|whoami)|config (view|get-\S+|current-context))\b/,
  tries: {
    verbs:
      /^(apply|create|delete|patch|replace|annotate|label|scale|run|expose|autoscale|taint|cordon|uncordon|drain)$/,
    // Alone it is a word of its own, and an old one.
    option: /^--dry-run=(client|server)$/,
    values:
      /^(-[nlosfkp]|--(namespace|context|cluster|user|kubeconfig|selector|output|field-selector|filename|kustomize|server|as|template|patch|patch-file|type|replicas|image|port|target-port|from-literal|from-file|from-env-file|field-manager|grace-period|timeout|resource-version))$/,
    flags:
      /^(-A|-R|--(all|all-namespaces|recursive|server-side|overwrite|local|validate|ignore-not-found|save-config|ignore-daemonsets|delete-emptydir-data))$/,
    // A request of its own goes out as it is.
    never: /^--(raw|force|edit|attach|rm)\b/,
  },
  secrets: (words, call) =>
    (/^get (\S*,)?secrets?\b/.test(words) && has(call, FULL)) ||
    (words.startsWith("config view") && has(call, /^--raw/)) ||
    /^create token\b/.test(words),
};

const HELM: Service = {
  values:
    /^(-[nfo]|--(namespace|kube-context|kube-apiserver|kube-token|kubeconfig|values|set|version|output|repo|revision|max))$/,
  flags: /^(-[aA]|--(all|all-namespaces|devel|wait|debug))$/,
  tries: {
    verbs: /^(install|upgrade|uninstall|rollback)$/,
    option: /^--dry-run(=(client|server))?$/,
    values:
      /^(-[nfo]|--(namespace|kube-context|kubeconfig|values|set|set-string|set-file|set-json|version|output|repo|timeout|description|history-max))$/,
    flags:
      /^(-i|--(install|debug|wait|wait-for-jobs|atomic|force|reuse-values|reset-values|create-namespace|devel|no-hooks|skip-crds|keep-history|hide-notes|cleanup-on-fail|verify))$/,
    // It runs what it names over what was rendered.
    never: /^--post-renderer/,
  },
  looks: /^(list|ls|status|get|template|lint|show|history|search|dependency list|repo list|env)\b/,
};

const TERRAFORM: Service = {
  looks:
    /^(plan|validate|fmt|show|output|providers|graph|get|init|state (list|show)|workspace (list|show))\b/,
  unless: /^-{1,2}(upgrade|migrate-state|reconfigure|force-copy|out=.*\.\.)/,
};

/** Words of AWS by which keys, tokens and passwords are printed. */
const AWS_SECRETS =
  /(secret-value|password|session-token|federation-token|authorization-token|access-key-info|credentials|id-token)/;

const AWS: Service = {
  values:
    /^--(profile|region|output|query|endpoint-url|filters?|since|instance-ids|name|names|log-group-name|max-items|page-size|color|cli-\S+)$/,
  looks:
    /^(help|configure (list|list-profiles|get)|s3 ls|logs (tail|get-\S+|filter-\S+|describe-\S+)|[\w-]+ (describe|list|get|head|wait|batch-get|scan|query|lookup|search)\b[\w-]*)( |$)/,
  secrets: (words, call) =>
    (/^[\w-]+ get-/.test(words) && AWS_SECRETS.test(words)) ||
    (words.startsWith("ssm get-parameter") && has(call, /^--with-decryption$/)) ||
    (/^configure (get|export)/.test(words) && isSecretName(words)) ||
    words.startsWith("configure export-credentials"),
};

/** A chain of groups that ends in a word that looks, and none before it that changes. */
const CHAIN =
  /^(?!.*\b(delete|create|update|deploy|set|add|remove|ssh|scp|start|stop|restart|reset|submit|import|enable|disable|restore|rollback|execute|purge|invoke|cancel|resize|move)\b)([a-z][a-z-]* ){0,4}(list|describe|show|get-(?!access|credentials|token)[\w-]+|list-[\w-]+|read|tail|status)( |$)/;

const GCLOUD: Service = {
  values: /^--(project|region|zone|account|format|filter|limit|configuration|sort-by|freshness)$/,
  looks: new RegExp(`^(info|config (list|get-value|get))( |$)|${CHAIN.source}`),
};

const AZ: Service = {
  values: /^(-[gno]|--(resource-group|name|output|query|subscription|vault-name|id|ids))$/,
  looks: CHAIN,
  secrets: (words) =>
    /^(keyvault (secret|key) (show|download)|\S+ (keys|connection-string|credential) )/.test(`${words} `),
};

const words = (list: string): RegExp => new RegExp(`^(${list})( |$)`);

/** By name; `runs` are their servers for development, on this machine. */
const SERVICES: Readonly<Record<string, Service>> = {
  kubectl: KUBECTL,
  oc: KUBECTL,
  helm: HELM,
  terraform: TERRAFORM,
  tofu: TERRAFORM,
  terragrunt: TERRAFORM,
  aws: AWS,
  gcloud: GCLOUD,
  az: AZ,
  fly: {
    values: /^(-a|--app|-c|--config)$/,
    looks: words(
      "status|logs|info|doctor|releases|apps list|apps status|machines? (list|status)|volumes list|ips list|secrets list|certs (list|show)|config (show|validate|env)|checks list|regions list|orgs list|platform \\S+|auth whoami",
    ),
  },
  vercel: {
    acts: true,
    looks: words("ls|list|inspect|logs|whoami|env ls|domains ls|projects? ls|dns ls|teams ls|certs ls"),
    runs: words("dev|build"),
  },
  netlify: {
    looks: words("status|sites:list|logs|logs:\\S+|functions:list|api --list"),
    runs: words("dev|build|functions:serve"),
    secrets: (line) => /^env:(list|get)/.test(line),
  },
  heroku: {
    values: /^(-a|--app|-r|--remote|-n|--num)$/,
    looks: words(
      "logs|ps|apps|apps:info|info|releases|releases:info|addons|domains|status|regions|pg:info|pg:ps|pg:diagnose|pipelines|auth:whoami|buildpacks",
    ),
    secrets: (line) => /^(config|auth:token|pg:credentials)/.test(line),
  },
  wrangler: {
    values: /^(-c|--config|-e|--env|--name)$/,
    looks: words(
      "tail|whoami|types|deployments (list|view|status)|versions (list|view)|d1 (list|info)|d1 migrations list|kv:?namespace list|kv namespace list|r2 bucket list|secret list|queues list|check",
    ),
    runs: words("dev|pages dev"),
    unless: /^--remote$/,
  },
  firebase: {
    looks: words("projects:list|apps:list|functions:log|hosting:channel:list|help"),
    runs: words("emulators:\\S+|serve"),
  },
  supabase: {
    looks: words("status|db diff|migration list|projects list|functions list|gen types|inspect \\S+"),
    runs: words("start|functions serve|test"),
    unless: /^--linked$/,
  },
  pulumi: {
    values: /^(-s|--stack|-C|--cwd)$/,
    looks: words("preview|stack|stack (ls|output|graph|history)|about|config|whoami|logs|plugin ls"),
    secrets: (_, call) => has(call, /^--show-secrets/),
  },
  serverless: {
    values: /^(-s|--stage|-r|--region)$/,
    looks: words("info|print|logs|metrics|config list|deploy list"),
    runs: words("offline|package|invoke local"),
  },
  cdk: { looks: words("synth|synthesize|diff|list|ls|doctor|metadata|notices|context") },
  sam: { looks: words("validate|list|logs"), runs: words("build|local") },
  doctl: { looks: CHAIN },
  railway: { looks: words("status|logs|whoami|list") },
  eb: { looks: words("status|logs|list|health|events") },
  // Their words are addresses, hosts and files: what they do with them changes something.
  ...Object.fromEntries(
    "cqlsh sqlcmd clickhouse-client influx dropdb createdb pg_restore mysqladmin render ngrok cloudflared duckdb flyway liquibase linode-cli ansible"
      .split(" ")
      .map((name): [string, Service] => [name, { looks: /^(?!)/, acts: true }]),
  ),
};
const ALIASES: Readonly<Record<string, string>> = { flyctl: "fly", sls: "serverless" };

/** Ansible tells what it would do by options. */
const playbook: Analyser = (call) => {
  const tells = has(call, /^(--syntax-check|--list-(tasks|hosts|tags)|--version|--help|-h)$/);
  call.add(tells ? "network.read" : "remote.change");
};

export const cloud: Readonly<Record<string, Analyser>> = {
  ...Object.fromEntries(Object.entries(SERVICES).map(([name, each]) => [name, service(each)])),
  ...Object.fromEntries(
    Object.entries(ALIASES).map(([name, of]) => [name, service(SERVICES[of] ?? { looks: /^(?!)/ })]),
  ),
  "ansible-playbook": playbook,
};
