/** Runs in the page, before all else: gives it what VS Code gives a webview. */
globalThis.dressAsVsCode = (look) => {
  addEventListener(
    "DOMContentLoaded",
    () => {
      globalThis.changeTheme(look);
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

/** What VS Code does to a webview when the person chooses another theme. */
globalThis.changeTheme = (look) => {
  const { style } = document.documentElement;
  style.cssText = "";
  for (const [name, value] of Object.entries(look.vars)) style.setProperty(name, value);
  Object.assign(document.body.dataset, look.data);
  document.body.className = look.body;
  // The page itself is transparent: it stands on the side bar.
  style.background = look.vars["--vscode-sideBar-background"];
};
