export interface PageAssets {
  /** The built page's script and style sheets, as the webview reads them. */
  readonly script: string;
  readonly styles: readonly string[];
  /** `webview.cspSource`. */
  readonly source: string;
  /** Random, new for each page. */
  readonly nonce: string;
  /** The display language as a BCP 47 tag, such as `vscode.env.language`. */
  readonly language: string;
}

/**
 * The page's document. The policy stands first in `head`, so that nothing loads before it holds. Lit makes its
 * templates through a Trusted Types policy of its own; no other can be made, so no text becomes markup by accident.
 */
export function pageHtml(assets: PageAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${assets.nonce}'`,
    `style-src ${assets.source}`,
    `font-src ${assets.source}`,
    `img-src ${assets.source}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html",
  ].join("; ");
  const styles = assets.styles
    .map((style) => `<link rel="stylesheet" href="${attribute(style)}">`)
    .join("\n    ");
  return `<!DOCTYPE html>
<html lang="${attribute(assets.language)}">
  <head>
    <meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Interlock</title>
    ${styles}
  </head>
  <body>
    <div id="root"></div>
    <script type="module" nonce="${attribute(assets.nonce)}" src="${attribute(assets.script)}"></script>
  </body>
</html>
`;
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
