/** A name in Python source, outside strings and comments. */
export interface Identifier {
  readonly name: string;
  /** `attribute`: after a dot, or bound where a class or a call would bind one. */
  readonly role: "name" | "attribute";
}

/** In order: strings (with their prefix), comments, names with what stands before them, numbers. */
const TOKEN = new RegExp(
  [
    String.raw`(?:\b[rbfut]{1,2})?(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?''')`,
    String.raw`(?:\b[rbfut]{1,2})?(?:"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*')`,
    String.raw`#[^\n]*`,
    String.raw`\d[\w.]*`,
    String.raw`(?<dot>\.\s*)?(?<def>\bdef\s+)?(?<name>[\p{ID_Start}_][\p{ID_Continue}]*)(?<binds>\s*[:=](?!=))?`,
  ].join("|"),
  "giu",
);

const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from " +
    "global if import in is lambda nonlocal not or pass raise return try while with yield match case type"
  ).split(" "),
);

/** The names a file uses, each once for each role it is seen in. */
export function identifiers(source: string): readonly Identifier[] {
  const seen = new Map<string, Identifier>();
  const add = (name: string, role: Identifier["role"]): void => {
    seen.set(`${role} ${name}`, { name, role });
  };
  for (const { groups } of source.matchAll(TOKEN)) {
    const name = groups?.["name"];
    if (name === undefined || KEYWORDS.has(name)) {
      continue;
    }
    const attribute = groups?.["dot"] !== undefined;
    add(name, attribute ? "attribute" : "name");
    if (!attribute && (groups?.["def"] !== undefined || groups?.["binds"] !== undefined)) {
      add(name, "attribute");
    }
  }
  return [...seen.values()];
}
