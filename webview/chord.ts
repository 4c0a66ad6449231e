/** Second keys of the chords in package.json's "keybindings"; each starts with Ctrl+K, on a Mac with Cmd+K. */
const SECOND_KEYS: ReadonlySet<string> = new Set(["y", "n", ".", "i"]);
/** Milliseconds for which VS Code waits for the second key of a chord. */
const CHORD_MS = 5000;
const MODIFIERS: ReadonlySet<string> = new Set(["Control", "Meta", "Shift", "Alt", "AltGraph", "CapsLock"]);

type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** Knows which key ends one of Interlock's chords, as VS Code does, which takes no key away from the page. */
export class Chord {
  readonly #mac: boolean;
  #startedAt = Number.NEGATIVE_INFINITY;

  constructor(mac: boolean) {
    this.#mac = mac;
  }

  /** Takes note of a key that went down; true when it ends a chord and so must not be typed. */
  ends(event: Key, now: number): boolean {
    if (MODIFIERS.has(event.key)) return false;
    const pending = now - this.#startedAt < CHORD_MS;
    // Pressed a second time it ends a chord, one that Interlock has no part in.
    this.#startedAt = !pending && this.#starts(event) ? now : Number.NEGATIVE_INFINITY;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    return pending && plain && SECOND_KEYS.has(event.key.toLowerCase());
  }

  #starts({ key, ctrlKey, metaKey, shiftKey, altKey }: Key): boolean {
    const command = this.#mac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
    return command && !shiftKey && !altKey && key.toLowerCase() === "k";
  }
}

/** Keeps the second key of a chord out of the text. The event goes on: VS Code runs the command by hearing it. */
export function keepChordsUntyped(root: HTMLElement): void {
  const chord = new Chord(navigator.userAgent.includes("Mac"));
  root.addEventListener(
    "keydown",
    (event) => {
      if (chord.ends(event, performance.now())) event.preventDefault();
    },
    true,
  );
}
