/** F6 goes through these in the order of the page, skipping what is not shown. */
const REGIONS = "[data-region]";

/** Where the keyboard goes to in a region: what it marks for that, else its first control. */
const ENTRY = "[data-entry]:not([hidden])";
const CONTROL = "button:not([disabled]), input, select, textarea, [tabindex='0']";

/** Moves the keyboard between regions: F6 forth, Shift+F6 back, Escape to the prompt. */
export function moveByKeys(root: HTMLElement, focusPrompt: () => void): void {
  root.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "F6") {
      const moved = moveRegion(root, event.shiftKey ? -1 : 1);
      // VS Code would move on to its own next part; the webview's frame listens on the window.
      if (moved) stop(event);
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      focusPrompt();
      stop(event);
    }
  });
}

function moveRegion(root: HTMLElement, step: 1 | -1): boolean {
  const regions = [...root.querySelectorAll<HTMLElement>(REGIONS)].filter(isShown);
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const start = current < 0 ? (step > 0 ? -1 : 0) : current;
  for (let at = 1; at <= regions.length; at += 1) {
    const region = regions[(start + step * at + regions.length * 2) % regions.length];
    if (region !== undefined && focusRegion(region)) return true;
  }
  return false;
}

/** Focuses a region's own place; false where it has nothing to focus. */
export function focusRegion(region: HTMLElement): boolean {
  const entries = [
    ...region.querySelectorAll<HTMLElement>(ENTRY),
    ...region.querySelectorAll<HTMLElement>(CONTROL),
  ];
  const target = entries.find(isShown);
  target?.focus();
  return target !== undefined;
}

function isShown(element: HTMLElement): boolean {
  return element.checkVisibility();
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** Arrow keys, Home and End move between the controls of a bar; one of them is in the tab order. */
export function moveInBar(event: KeyboardEvent): void {
  const bar = event.currentTarget as HTMLElement;
  const controls = [...bar.querySelectorAll<HTMLElement>("button")].filter(isShown);
  const at = controls.indexOf(document.activeElement as HTMLElement);
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: controls.length - 1,
  };
  const next = moves[event.key];
  if (at < 0 || next === undefined) return;
  const target = controls[(next + controls.length) % controls.length];
  for (const control of controls) control.tabIndex = control === target ? 0 : -1;
  target?.focus();
  stop(event);
}
