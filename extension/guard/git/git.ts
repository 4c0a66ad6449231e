import { resolvePath } from "../../shell/path.ts";
import type { ShellWord } from "../../shell/command.ts";
import { ProgramCall, type Analyser } from "../call.ts";
import { apply } from "./apply.ts";
import { history, KEEPS_COMMITS } from "./history.ts";
import { output } from "./output.ts";
import { readOnly } from "./readOnly.ts";
import { refs } from "./refs.ts";
import { remotes } from "./remotes.ts";
import { setup } from "./setup.ts";
import { stash } from "./stash.ts";
import { worktree } from "./worktree.ts";

/**
 * Git by allow-list: subcommands, flags, `-c` keys and `GIT_*` variables that are understood. Whatever is not on
 * a list asks, so a new git command is safe by default.
 */
const SUBCOMMANDS: Readonly<Record<string, Analyser>> = {
  ...readOnly,
  ...worktree,
  ...refs,
  ...history,
  ...remotes,
  ...setup,
  ...output,
  apply,
  stash,
};

/** Configuration that changes how things look, or who signs, and runs nothing. */
const HARMLESS_CONFIG =
  /^(user\.(name|email)|color\..*|column\..*|advice\..*|core\.(quotepath|abbrev|autocrlf|safecrlf|eol|precomposeunicode|checkstat|fsmonitor=false|pager=(cat|less( -\S+)*|))|diff\.(renames|renamelimit|algorithm|context|nopfrefix|noprefix|mnemonicprefix|colormoved|interhunkcontext)|log\..*|status\..*|init\.defaultbranch|commit\.(gpgsign|verbose|cleanup|status)|tag\.(gpgsign|sort)|gc\.auto(detach)?|protocol\.version|merge\.(conflictstyle|ff|stat|renames)|pull\.(rebase|ff)|push\.(default|autosetupremote|followtags)|rebase\.(autosquash|abbreviatecommands|stat)|fetch\.(prune|parallel)|blame\..*|grep\.(linenumber|column|patterntype|fullname)|pager\.\w+=(false|cat)|index\.version|help\.autocorrect=(0|never))$/i;

const PAGERLESS = /^(cat|less( -\S+)*|more|)$/;
const NO_EDITOR = /^(:|true|cat|\/bin\/true|\/usr\/bin\/true)$/;

/** `GIT_*` variables that run nothing and move nothing. */
const HARMLESS_VARIABLES: Readonly<Record<string, RegExp>> = {
  GIT_PAGER: PAGERLESS,
  GIT_EDITOR: NO_EDITOR,
  GIT_SEQUENCE_EDITOR: KEEPS_COMMITS,
  GIT_TERMINAL_PROMPT: /^\w*$/,
  // Git tells its hooks and editors where it is, and what it would say.
  GIT_PREFIX: /^[\w./-]*$/,
  GIT_EXEC_PATH: /^(\/usr)?(\/local)?\/lib(exec)?\/git-core$/,
  GIT_CHERRY_PICK_HELP: /^/,
  GIT_OPTIONAL_LOCKS: /^\d*$/,
  GIT_MERGE_AUTOEDIT: /^\w*$/,
  GIT_AUTHOR_NAME: /^/,
  GIT_AUTHOR_EMAIL: /^/,
  GIT_AUTHOR_DATE: /^/,
  GIT_COMMITTER_NAME: /^/,
  GIT_COMMITTER_EMAIL: /^/,
  GIT_COMMITTER_DATE: /^/,
  GIT_REFLOG_ACTION: /^/,
  GIT_ADVICE: /^\d*$/,
  GIT_NO_LAZY_FETCH: /^\d*$/,
  GIT_LITERAL_PATHSPECS: /^\d*$/,
};

export function isHarmlessGitVariable(name: string, value: ShellWord): boolean {
  const pattern = Object.hasOwn(HARMLESS_VARIABLES, name) ? HARMLESS_VARIABLES[name] : undefined;
  return pattern !== undefined && value.known && pattern.test(value.text);
}

const FLAGS = new Set([
  "-p",
  "-P",
  "--paginate",
  "--no-pager",
  "--no-optional-locks",
  "--no-replace-objects",
  "--no-lazy-fetch",
  "--no-advice",
  "--literal-pathspecs",
  "--glob-pathspecs",
  "--noglob-pathspecs",
]);
const PRINTS = new Set([
  "-v",
  "--version",
  "-h",
  "--help",
  "--exec-path",
  "--html-path",
  "--man-path",
  "--info-path",
]);

/** Reads git's own options, follows `-C`, and hands the rest to the subcommand. */
export const git: Analyser = (call) => {
  const { args } = call;
  let folders = call.command.folders;
  const places: Places = {};
  let index = 0;
  for (; index < args.length; index++) {
    const word = args[index];
    if (word === undefined) break;
    const text = word.text;
    if (!word.known) {
      call.add("unclear.options");
      return;
    }
    if (!text.startsWith("-")) break;
    if (FLAGS.has(text)) continue;
    if (PRINTS.has(text)) {
      call.add("read");
      return;
    }
    const value = args[index + 1];
    if (text === "-C" && value !== undefined) {
      folders = value.known ? (folders?.map((folder) => resolvePath(folder, value.text)) ?? null) : null;
      if (value.known && value.text.startsWith("/")) folders = [resolvePath("/", value.text)];
      index++;
    } else if (text === "-c" && value !== undefined) {
      if (!value.known || !isHarmlessConfig(value.text))
        call.add("unclear.environment", [], `-c ${value.text}`);
      index++;
    } else if (/^--(git-dir|work-tree|namespace)(=|$)/.test(text)) {
      const [name = "", ...inline] = text.split("=");
      places[name] = inline.length > 0 ? { ...word, text: inline.join("=") } : (value ?? word);
      if (inline.length === 0) index++;
    } else {
      call.add("unclear.options", [], text);
      return;
    }
  }
  const name = args[index];
  if (name === undefined) {
    // `xargs git`: the subcommand comes at run time.
    call.add(call.command.openEnded ? "unclear.options" : "read");
    return;
  }
  const rest = args.slice(index + 1);
  const followed = foldersOf(folders, places);
  // `git NAME --help` shows the manual, `git NAME -h` the usage.
  if (rest.length === 1 && rest[0]?.known && /^(--help|-h)$/.test(rest[0].text)) {
    call.add("read");
    return;
  }
  const inner = new ProgramCall(
    `git ${name.text}`,
    { ...call.command, folders: followed },
    call.around,
    call.nested,
    rest,
  );
  const analyse = Object.hasOwn(SUBCOMMANDS, name.text) ? SUBCOMMANDS[name.text] : undefined;
  if (analyse === undefined) inner.add("unclear.program");
  else analyse(inner);
  // Arguments that come at run time: of these commands they are files or commits, whatever they are.
  const open = call.command.openEnded && !TAKES_MORE.test(name.text) && !Object.hasOwn(readOnly, name.text);
  if (open) inner.add("unclear.options");
  if (
    followed === null &&
    folders !== null &&
    inner.effects.some(({ kind }) => !/^(read|network)$/.test(kind))
  )
    inner.add("unclear.folder");
  call.effects.push(...inner.effects);
};

const TAKES_MORE = /^(add|stage|cherry-pick|revert)$/;

/** `--git-dir`, `--work-tree` and `--namespace`, as far as they were named. */
type Places = Record<string, ShellWord>;

/** The folders in which git works; null where its two places are not those of one plain repository. */
function foldersOf(folders: readonly string[] | null, places: Places): readonly string[] | null {
  if (folders === null || Object.keys(places).length === 0) return folders;
  const { "--git-dir": gitDir, "--work-tree": workTree } = places;
  if (gitDir?.known !== true || workTree?.known === false || places["--namespace"] !== undefined) return null;
  const tops = folders.map((folder) => {
    const own = /^(.*)\/\.git$/.exec(resolvePath(folder, gitDir.text))?.[1];
    return own === (workTree === undefined ? folder : resolvePath(folder, workTree.text)) ? own : null;
  });
  return tops.some((top) => top === null) ? null : tops.flatMap((top) => top ?? []);
}

function isHarmlessConfig(setting: string): boolean {
  const at = setting.indexOf("=");
  const key = at < 0 ? setting : setting.slice(0, at);
  return HARMLESS_CONFIG.test(key) || HARMLESS_CONFIG.test(setting);
}
