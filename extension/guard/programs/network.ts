import type { ShellWord } from "../../shell/command.ts";
import { baseName } from "../../shell/path.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { isSecret } from "../places.ts";
import { optionsOf } from "./files.ts";
import { actionOf, type OptionNames } from "./subcommands.ts";

/** This machine: what stays here is not the network. */
const LOCAL =
  /^(https?:\/\/)?(localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal)(:\d+)?([/?#]|$)/i;

const CURL_SENDS =
  /^(-d|--data|--data-\w+|-F|--form|--form-string|-T|--upload-file|--json|-u|--user|-b|--cookie|-H|--header)$/;
const CURL_RUNS =
  /^(-K|--config|--libcurl|-c|--cookie-jar|--trace|--trace-ascii|--dump-header|-D|--etag-save|--unix-socket|-Q|--quote|--stderr|--hsts|--alt-svc)$/;
/** Long options that take the next word. */
const CURL_VALUES =
  /^(--(user-agent|referer|max-time|connect-timeout|write-out|proxy|request|range|retry|retry-delay|retry-max-time|output|output-dir|cacert|capath|cert|key|resolve|url|max-redirs|limit-rate|interface|data|data-\w+|form|header|json|user|cookie|upload-file|http-version|max-filesize|ciphers))$/;
/** Headers that carry nothing of the person's: what is accepted, and in which form. */
const PLAIN_HEADER =
  /^(accept|accept-encoding|accept-language|content-type|user-agent|cache-control|range|if-none-match)\s*:/i;

/** Letters of curl that take a value: the rest of their word, or the next one. */
const CURL_TAKES = /[AbcCdDeEFHKmoPQrtTuUwxXyYz]/;

/** Options of curl one by one: `-sSLo FILE` says `-s`, `-S`, `-L` and `-o FILE`. */
function* curlOptions(args: readonly ShellWord[]): Generator<{ name: string; value: ShellWord | undefined }> {
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === undefined) return;
    if (!word.text.startsWith("-") || word.text === "-") yield { name: "", value: word };
    else if (word.text.startsWith("--")) {
      yield { name: word.text, value: args[index + 1] };
      if (CURL_VALUES.test(word.text)) index++;
    } else {
      const letters = word.text.slice(1);
      const at = letters.search(CURL_TAKES);
      for (const letter of at < 0 ? letters : letters.slice(0, at))
        yield { name: `-${letter}`, value: undefined };
      if (at < 0) continue;
      const rest = letters.slice(at + 1);
      yield { name: `-${letters[at]}`, value: rest === "" ? args[++index] : { ...word, text: rest } };
    }
  }
}

const curl: Analyser = (call) => {
  const urls: string[] = [];
  const files: string[] = [];
  let sends = false;
  let named = false;
  if (call.args.some((word) => !word.known && word.prefix === undefined)) call.add("unclear.options");
  for (const { name, value } of curlOptions(call.args)) {
    const text = value?.text ?? "";
    if (CURL_RUNS.test(name)) call.add("unclear.options");
    if (/^(-o|--output)$/.test(name) && value !== undefined && text !== "-") call.writes(value, "overwrite");
    else if (/^(-O|--remote-name(-all)?)$/.test(name)) named = true;
    else if (/^(-J|--remote-header-name|--output-dir)$/.test(name)) call.add("unclear.options");
    else if (/^(-X|--request)$/.test(name)) sends ||= !/^(GET|HEAD|OPTIONS)$/i.test(text);
    else if (/^(-H|--header)$/.test(name)) sends ||= !PLAIN_HEADER.test(text);
    else if (CURL_SENDS.test(name)) {
      sends = true;
      files.push(
        /^(-T|--upload-file)$/.test(name) ? text : (text.replace(/^([^@<]*=)?[@<]/, "").split(";")[0] ?? ""),
      );
    }
    if ((name === "" || name === "--url") && value !== undefined) {
      urls.push(text);
      if (!value.known) call.add("unclear.options");
    }
  }
  // `-O` names the file after the address.
  if (named) for (const url of urls) call.writes(plain(baseName(url.split(/[?#]/, 1)[0] ?? "")), "overwrite");
  reaches(call, urls, sends);
  if (files.some((file) => isSecret(file))) call.add("secret.read");
};

function plain(text: string): ShellWord {
  return { text, known: true, glob: false, start: 0, end: 0 };
}

function reaches(call: ProgramCall, urls: readonly string[], sends: boolean): void {
  if (urls.every((url) => LOCAL.test(url))) call.add("read");
  else {
    const hosts = urls.filter((url) => !LOCAL.test(url)).map((url) => hostOf(url));
    const plain = hosts.every((host) => /^[a-z0-9.-]+$/.test(host)) && !call.args.some(goesElsewhere);
    call.add(sends ? "network.send" : "network.read", [], call.words, plain ? { hosts } : {});
  }
}

/** Options by which another machine is reached than the address names. */
function goesElsewhere({ text }: ShellWord): boolean {
  return /^(-[a-zA-Z]*x|--(proxy|preproxy|socks\w*|resolve|connect-to|doh-url|url-query|next))/.test(text);
}

/** `https://me@example.com:8443/x` → `example.com`. */
function hostOf(url: string): string {
  const authority = url.replace(/^\w+:\/\//, "").split(/[/?#]/, 1)[0] ?? "";
  return authority
    .slice(authority.lastIndexOf("@") + 1)
    .replace(/:\d*$/, "")
    .toLowerCase();
}

/** A log of its own instead of its messages. */
const WGET_LOG = /^(-[a-zA-Z]*o|--output-file(=|$))/;

const wget: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  const at = texts.findIndex((text) => /^(-[a-zA-Z]*O|--output-document$|--output-document=)/.test(text));
  const inline = (texts[at] ?? "").replace(/^(-[a-zA-Z]*?O|--output-document=?)/, "");
  const target = at < 0 ? undefined : inline === "" ? call.args[at + 1] : plain(inline);
  if (
    call.args.some((word) => !word.known) ||
    texts.some((text) =>
      /^(-e|--execute|--use-askpass|--config|-i|--input-file|--save-cookies|-N|--timest)/.test(text),
    )
  ) {
    call.add("unclear.options");
  }
  const logged = texts.findIndex((text) => WGET_LOG.test(text));
  const name = (texts[logged] ?? "").replace(WGET_LOG, "");
  const log = logged < 0 ? undefined : name === "" ? call.args[logged + 1] : plain(name);
  if (log !== undefined) call.writes(log, "overwrite");
  if (target !== undefined && target.text !== "-") call.writes(target, "overwrite");
  // Without a name of its own, a file that is there is kept: the new one gets a number.
  else if (target === undefined) call.add("fs.write");
  const sends = texts.some((text) => /^--(post|body|method|header)/.test(text));
  const values = new Set([
    at >= 0 && inline === "" ? at + 1 : -1,
    logged >= 0 && name === "" ? logged + 1 : -1,
  ]);
  reaches(
    call,
    texts.filter((text, index) => !text.startsWith("-") && !values.has(index)),
    sends,
  );
};

const sends: Analyser = (call) => call.add("network.send");

/** `http METHOD URL ITEM...`: an item with a value is sent; `:3000` is this machine. */
const httpie: Analyser = (call) => {
  const [first, ...others] = call.args.filter(({ text }) => !text.startsWith("-"));
  const method = /^[A-Z]+$/.test(first?.text ?? "") ? first?.text : undefined;
  const [url, ...items] = method === undefined ? [first, ...others] : others;
  const plain = call.args.every(
    ({ text, known }) =>
      known &&
      (!text.startsWith("-") ||
        /^(-[vhbpj]+|--(print=\w+|headers|body|json|verbose|follow|timeout=\d+|pretty=\w+|check-status|ignore-stdin))$/.test(
          text,
        )),
  );
  if (url === undefined || !plain) sends(call);
  else {
    const asks =
      items.every((item) => /^[\w-]+==/.test(item?.text ?? "")) && /^(GET|HEAD|OPTIONS)?$/.test(method ?? "");
    reaches(
      call,
      [url.text.replace(/^:(?=\d|\/|$)/, "localhost:")],
      !asks || call.command.input.from !== "inherited",
    );
  }
};

/** `nc -z` only asks whether a port is open. */
const asksPort: Analyser = (call) =>
  call.add(call.args.some((word) => /^-[a-z]*z[a-z]*$/.test(word.text)) ? "network.read" : "network.send");

/** `gh`: words that only look. */
const GH_READS = /^(list|view|status|diff|checks|watch|search|browse|verify|download|--version|--help)$/;

const GH_OPTIONS: OptionNames = { values: /^(-R|--repo|--hostname)$/, flags: /^(-h|--help|--version)$/ };

const gh: Analyser = (call) => {
  const first = actionOf(call.args, GH_OPTIONS);
  const behind = first.at < 0 ? [] : call.args.slice(first.at + 1);
  const second = actionOf(behind, GH_OPTIONS);
  const [area, verb] = [call.args[first.at]?.text, behind[second.at]?.text];
  const texts = call.args.map((word) => word.text);
  const isUnclear = first.unclear || (second.unclear && !/^(api|search|status|help)$/.test(area ?? ""));
  if (isUnclear) call.add("unclear.options");
  else if (area === undefined || area === "search" || area === "status" || area === "help")
    call.add("network.read");
  else if (area === "api") {
    const writes = texts.some((text) => /^(-X|--method|-f|-F|--field|--raw-field|--input)/.test(text));
    call.add(writes || call.args.some((word) => !word.known) ? "network.send" : "network.read");
  } else if (area === "auth" && verb === "token") call.add("secret.read");
  else if (verb !== undefined && GH_READS.test(verb)) call.add("network.read");
  else if (area === "pr" && verb === "checkout") call.add("git.write");
  else call.add("publish");
};

export const network: Readonly<Record<string, Analyser>> = {
  curl,
  wget,
  aria2c: wget,
  ssh: sends,
  scp: sends,
  sftp: sends,
  ftp: sends,
  nc: asksPort,
  ncat: asksPort,
  netcat: asksPort,
  telnet: sends,
  socat: sends,
  mail: sends,
  sendmail: sends,
  http: httpie,
  https: httpie,
  xh: httpie,
  gh,
  glab: gh,
  openssl: (call) => {
    const [action, ...more] = call.args;
    const reads = /^(version|x509|dgst|verify|ciphers|list)$/.test(action?.text ?? "");
    const random =
      action?.text === "rand" && more.every((word) => word.known && /^(-hex|-base64|\d+)$/.test(word.text));
    call.add(reads || random ? "read" : "unclear.options");
  },
  "ssh-keygen": (call) =>
    call.add(call.args.some((word) => /^-[lF]$/.test(word.text)) ? "read" : "unclear.options"),
  gpg: (call) => {
    optionsOf(call, { flags: "qv", long: { version: "flag", "list-keys": "flag", verify: "flag" } });
    call.add("read");
  },
};
