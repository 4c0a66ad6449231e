import type { Analyser, ProgramCall } from "../call.ts";
import { optionsOf } from "./files.ts";

/** This machine: what stays here is not the network. */
const LOCAL =
  /^(https?:\/\/)?(localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal)(:\d+)?([/?#]|$)/i;

const CURL_SENDS =
  /^(-d|--data|--data-\w+|-F|--form|--form-string|-T|--upload-file|--json|-u|--user|-b|--cookie|-H|--header)$/;
const CURL_RUNS =
  /^(-K|--config|--libcurl|-c|--cookie-jar|--trace|--trace-ascii|--dump-header|-D|--etag-save|--unix-socket)/;
const CURL_VALUES =
  /^(-A|-e|-m|-w|-x|-X|-r|-z|-C|-Y|-y|-E|-o|-T|-d|-F|-H|-u|-b|--(user-agent|referer|max-time|connect-timeout|write-out|proxy|request|range|retry|retry-delay|retry-max-time|output|output-dir|cacert|capath|cert|key|resolve|url|max-redirs|limit-rate|interface|data|data-\w+|form|header|json|user|cookie|upload-file|http-version|max-filesize|ciphers))$/;
/** Headers that carry nothing of the person's: what is accepted, and in which form. */
const PLAIN_HEADER =
  /^(accept|accept-encoding|accept-language|content-type|user-agent|cache-control|range|if-none-match)\s*:/i;

const curl: Analyser = (call) => {
  const urls: string[] = [];
  let sends = false;
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index];
    if (word === undefined) break;
    const { text } = word;
    if (!word.known && word.prefix === undefined) call.add("unclear.options");
    const next = call.args[index + 1];
    const [name = ""] = text.split("=", 1);
    if (CURL_RUNS.test(text)) call.add("unclear.options");
    if (/^(-o|--output)$/.test(text) && next !== undefined) call.writes(next, "overwrite");
    else if (/^-o./.test(text)) call.writes({ ...word, text: text.slice(2) }, "overwrite");
    else if (/^(-[a-zA-Z]*O|--remote-name(-all)?|-J|--remote-header-name)$/.test(text)) call.add("fs.write");
    if (/^(-X|--request)$/.test(text)) sends ||= !/^(GET|HEAD|OPTIONS)$/i.test(next?.text ?? "");
    else if (/^-X./.test(text)) sends ||= !/^-X(GET|HEAD|OPTIONS)$/i.test(text);
    else if (/^(-H|--header)$/.test(text)) sends ||= !PLAIN_HEADER.test(next?.text ?? "");
    else if (CURL_SENDS.test(name) || /^-[dFTub]./.test(text)) sends = true;
    if (CURL_VALUES.test(text)) {
      if (text === "--url" && next !== undefined) urls.push(next.text);
      index++;
    } else if (!text.startsWith("-")) {
      urls.push(text);
      if (!word.known) call.add("unclear.options");
    }
  }
  reaches(call, urls, sends);
};

function reaches(call: ProgramCall, urls: readonly string[], sends: boolean): void {
  if (urls.every((url) => LOCAL.test(url))) call.add("read");
  else call.add(sends ? "network.send" : "network.read");
}

const wget: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  const at = texts.findIndex((text) => /^(-O|--output-document)$/.test(text));
  const target = at >= 0 ? call.args[at + 1] : undefined;
  if (
    call.args.some((word) => !word.known) ||
    texts.some((text) => /^(-e|--execute|--use-askpass|--config|-i|--input-file)/.test(text))
  ) {
    call.add("unclear.options");
  }
  if (target !== undefined && target.text !== "-") call.writes(target, "overwrite");
  else if (target === undefined) call.add("fs.write");
  const sends = texts.some((text) => /^--(post|body|method|header)/.test(text));
  reaches(
    call,
    texts.filter((text, index) => !text.startsWith("-") && index !== at + 1),
    sends,
  );
};

const sends: Analyser = (call) => call.add("network.send");

/** `gh`: words that only look. */
const GH_READS = /^(list|view|status|diff|checks|watch|search|browse|verify|download|--version|--help)$/;

const gh: Analyser = (call) => {
  const [area, verb] = call.args.filter((word) => !word.text.startsWith("-")).map((word) => word.text);
  const texts = call.args.map((word) => word.text);
  if (area === undefined || area === "search" || area === "status" || area === "help")
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
  nc: sends,
  ncat: sends,
  netcat: sends,
  telnet: sends,
  socat: sends,
  mail: sends,
  sendmail: sends,
  http: sends,
  https: sends,
  xh: sends,
  gh,
  glab: gh,
  openssl: (call) =>
    call.add(
      /^(version|x509|dgst|verify|ciphers|list)$/.test(call.args[0]?.text ?? "") ? "read" : "unclear.options",
    ),
  gpg: (call) => {
    optionsOf(call, { flags: "qv", long: { version: "flag", "list-keys": "flag", verify: "flag" } });
    call.add("read");
  },
};
