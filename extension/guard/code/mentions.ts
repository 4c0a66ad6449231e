import type { CodeAct } from "./acts.ts";
import type { Token } from "./tokens.ts";

/** Functions and methods that remove or empty files, by their names in the libraries of the usual languages. */
const REMOVERS =
  /^(rmtree|unlink(Sync|_to)?|rmSync|rmdirSync|removeSync|emptyDir(Sync)?|rimraf(Sync)?|removedirs|remove_tree|rmdir_r|delete_tree|rm_rf|rm_r|rm_f|rmtree_f|remove_entry(_secure)?|remove_dir_all|remove_file|RemoveAll|truncate(Sync)?|ftruncate(Sync)?|file_put_contents|shred|deleteSync|trash)$/;

/** The same where the name alone says little: `os.remove`, `fs.rm`, `File.delete`, `Deno.remove`. */
const REMOVERS_OF =
  /\b(os\.(remove|unlink|truncate)|(fs|fsp|fsPromises|promises)\.(rm|rmdir)|File\.(delete|unlink|truncate)|FileUtils\.(rm\w*|remove\w*)|Deno\.(remove|truncate)\w*|Path\.delete|Files\.delete\w*|os\.Remove\w*|fs::remove\w+|Dir\.(rmdir|delete|unlink))\b/;

/** Words of a line or of statements that discard or destroy, wherever a program's text holds them. */
const DESTROYS =
  /\brm\s+-\w*[rRf]|\bgit\s+(-\S+\s+)*(reset\s+--(hard|merge|keep)|clean\s+-\w*[fd]|checkout\s+(-f|--force|--\s|\.|HEAD)|restore\s|stash\s+(drop|clear)|branch\s+-D|update-ref\s+-d|reflog\s+expire|gc\s+--prune|push\s.*(-f\b|--force|--delete|--mirror))|\bfind\s.*-delete\b|\b(drop|truncate)\s+(table|database|schema|index|view|keyspace|collection)\b|\bdelete\s+from\s|\bdropDatabase\b|\bdeleteMany\b|\bflush(all|db)\b|\b(dropdb|mkfs|shred)\s/i;

/** Lists of arguments read like the line that they make: `["git", "reset", "--hard"]`. */
function asLines(code: string): string {
  return code.replace(/["'`,[\]()]+[ \t]*/g, " ");
}

/** Whether a text in any language names what removes or discards. Comments and texts count: one too many only asks. */
export function mentionsLoss(code: string): boolean {
  return (
    REMOVERS_OF.test(code) ||
    DESTROYS.test(asLines(code)) ||
    [...code.matchAll(/[A-Za-z_]\w*/g)].some(([name]) => REMOVERS.test(name))
  );
}

/** Whether a program names more of what removes than the acts that could be told. */
export function hidesLoss(code: string, tokens: readonly Token[], acts: readonly CodeAct[]): boolean {
  const told = acts.filter(({ does }) => does === "deletes").length;
  const named = tokens.filter((_, at) => removes(tokens, at)).length;
  const runs = acts.some(
    (act) =>
      (act.does === "runs" && DESTROYS.test(act.line)) ||
      (act.does === "executes" && DESTROYS.test(`${act.argv.join(" ")} `)),
  );
  return named > told || (!runs && DESTROYS.test(asLines(code)));
}

/** A name that removes, where it is called or handed on; an import only brings it in. */
function removes(tokens: readonly Token[], at: number): boolean {
  const { kind, text } = tokens[at] ?? { kind: "op", text: "" };
  if (kind !== "name") return false;
  const isMember = tokens[at - 1]?.text === ".";
  if (!REMOVERS.test(text) && !(isMember && REMOVERS_OF.test(`${tokens[at - 2]?.text ?? ""}.${text}`)))
    return false;
  const before = tokens[isMember ? at - 3 : at - 1]?.text ?? "";
  return tokens[at + 1]?.text === "(" || /^[(=]$/.test(before) || (isMember && before === ",");
}
