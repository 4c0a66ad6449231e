/** Runs in the page, before all else: gives it what VS Code gives a webview. */
globalThis.dressAsVsCode = (look) => {
  addEventListener(
    "DOMContentLoaded",
    () => {
      const { style } = document.documentElement;
      for (const [name, value] of Object.entries(look.vars)) style.setProperty(name, value);
      Object.assign(document.body.dataset, look.data);
      document.body.className = look.body;
      // The page itself is transparent: it stands on the side bar.
      style.background = look.vars["--vscode-sideBar-background"];
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(look.defaults);
      document.adoptedStyleSheets.push(sheet);
    },
    { once: true },
  );
  window.acquireVsCodeApi = () => ({
    // A page without a host, as in a benchmark, talks to nobody.
    postMessage: (intent) => void window.sendIntent?.(intent),
    getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined,
    setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
  });
};
