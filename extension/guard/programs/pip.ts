import type { Analyser } from "../call.ts";

export const pip: Analyser = (call) => {
  const args = call.args.filter(
    (word) => !/^(-q|-v|--quiet|--verbose|--disable-pip-version-check|--no-input)$/.test(word.text),
  );
  const [action, ...rest] = args;
  const word = action?.text ?? "";
  if (args.some((each) => !each.known && each.prefix === undefined)) call.add("unclear.options");
  if (
    /^(list|show|freeze|check|index|debug|help|inspect|hash|-V|--version|--help|tree)$/.test(word) ||
    word === ""
  )
    call.add("read");
  else if (word === "install") {
    const from = rest.some((each) => /^(-r|--requirements?|-e|--editable|-c)/.test(each.text));
    const valued = new Set([
      "-r",
      "--requirement",
      "--requirements",
      "-c",
      "--constraint",
      "-e",
      "--editable",
      "-i",
      "--index-url",
      "--extra-index-url",
      "-f",
      "--find-links",
      "-t",
      "--target",
      "--python-version",
      "--platform",
      "--prefix",
      "--root",
      "--python",
      "-p",
      "--group",
    ]);
    const packages = rest.filter((each, index) => {
      return !each.text.startsWith("-") && !valued.has(rest[index - 1]?.text ?? "");
    });
    // What lies in a folder here was built here.
    const own = packages.every((each) =>
      /^\.(\[[\w,-]+\])?$|^\.\/|^[\w./+-]+\.(whl|tar\.gz)$/.test(each.text),
    );
    if (rest.some((each) => /^(-t|--target|--prefix|--root|--user|--break-system-packages)/.test(each.text)))
      call.add("fs.write.outside");
    // From elsewhere anything can come, whatever the project's own list says.
    const fetches = rest.some((each) => /:\/\/|^git\+|^-i|^--(extra-)?index-url/.test(each.text));
    const locked = own && !fetches && (from || packages.length > 0);
    call.add(locked ? "deps.install" : "deps.change");
  } else if (word === "sync") call.add("deps.install");
  else if (word === "uninstall") call.add("deps.change");
  else if (word === "compile") {
    const at = rest.findIndex((each) => /^(-o|--output-file)$/.test(each.text));
    const output = at >= 0 ? rest[at + 1] : undefined;
    call.add("read");
    if (output !== undefined) call.writes(output, "overwrite");
  } else if (/^(download|wheel)$/.test(word)) call.add("fs.write");
  else if (/^(cache|config)$/.test(word)) {
    call.add(/^(dir|info|list|get|debug)$/.test(rest[0]?.text ?? "") ? "read" : "fs.write.outside");
  } else call.add("unclear.program");
};
