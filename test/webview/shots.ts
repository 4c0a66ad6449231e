import { launchBrowser, Panel, THEMES, type Theme } from "./panel.ts";
import { enter } from "./enter.ts";
import { STATES, type State } from "./states.ts";

/** Pictures of states for people to look at: `node test/webview/shots.ts [STATE...] [--width=N] [--theme=T]`. */
const args = process.argv.slice(2);
const option = (name: string): string | undefined =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const names = args.filter((arg) => !arg.startsWith("--"));
const widths = option("width")?.split(",").map(Number) ?? [250, 300, 420, 900];
const themes = (option("theme")?.split(",") as Theme[] | undefined) ?? THEMES;

const browser = await launchBrowser();
for (const state of STATES.filter((state) => names.length === 0 || names.includes(state.name))) {
  for (const theme of themes) for (const width of widths) await shoot(state, theme, width);
}
await browser.close();

async function shoot(state: State, theme: Theme, width: number): Promise<void> {
  const panel = await Panel.open(browser, { theme, width, height: Number(option("height") ?? 600) });
  await enter(panel, state);
  await panel.shot(`${state.name}-${theme}-${width}`);
  if (panel.complaints.length > 0) console.log(state.name, theme, width, panel.complaints);
  await panel.close();
}
