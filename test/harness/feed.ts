/**
 * Messages of a client as they come in, a JSON text a line, until somebody asks for one. Messages that are not
 * expected are dropped.
 */
export class Feed<Message> {
  readonly writable: WritableStream<Uint8Array>;
  readonly #isExpected: (message: Message) => boolean;
  readonly #patienceMs: number;
  readonly #messages: Message[] = [];
  #arrived: () => void = () => {};
  #rest = "";

  constructor(isExpected: (message: Message) => boolean, patienceMs: number) {
    this.#isExpected = isExpected;
    this.#patienceMs = patienceMs;
    const decoder = new TextDecoder();
    this.writable = new WritableStream({
      write: (chunk) => this.#read(decoder.decode(chunk, { stream: true })),
    });
  }

  has(wanted: (message: Message) => boolean): boolean {
    return this.#messages.some(wanted);
  }

  /** Takes the first that is wanted, as soon as it is there. `what` names it to those who wait in vain. */
  async next(wanted: (message: Message) => boolean, what: string): Promise<Message> {
    const deadline = Date.now() + this.#patienceMs;
    for (;;) {
      const index = this.#messages.findIndex(wanted);
      const [found] = index === -1 ? [] : this.#messages.splice(index, 1);
      if (found !== undefined) {
        return found;
      }
      await this.#arrival(deadline - Date.now(), what);
    }
  }

  async #arrival(ms: number, what: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The client never sent ${what}`)), ms);
      this.#arrived = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines.filter((each) => each.trim() !== "")) {
      const message = JSON.parse(line) as Message;
      if (this.#isExpected(message)) {
        this.#messages.push(message);
      }
    }
    this.#arrived();
  }
}
