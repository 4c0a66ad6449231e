/** Schemes that a link of an agent may have; the host asks before it leaves. */
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The longest link that the protocol carries. */
const LINK_CHARACTERS = 2_000;

/** The target of a link, or undefined where it stays plain text: paths, scripts, editor commands, data. */
export function safeLink(href: string): string | undefined {
  if (href.length > LINK_CHARACTERS) return undefined;
  // oxlint-disable-next-line no-control-regex -- browsers drop controls inside a scheme, so they hide one
  if (/[\u0000-\u001f\u007f-\u009f]/.test(href)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*:)/i.exec(href)?.[1]?.toLowerCase();
  return scheme !== undefined && SCHEMES.has(scheme) ? href : undefined;
}
