import type { Finding, GateReport, GateResult } from "../../../extension/gates/gate.ts";
import type { GateKeeper } from "../../../extension/sessions/host.ts";

/** Gates that check nothing and remember what they were told. */
export class TestGates implements GateKeeper {
  readonly edits: (readonly string[])[] = [];
  readonly commands: { readonly line: string; readonly exit: number | null; readonly output: string }[] = [];
  readonly touches: ("files" | "sources")[] = [];
  standing: readonly GateReport[] = [];
  /** What is said of the next edit. */
  result: () => Promise<readonly GateResult[]> = async () => [];

  async edited(paths: readonly string[]): Promise<readonly GateResult[]> {
    this.edits.push(paths);
    return this.result();
  }

  observe(line: string, exit: number | null, output: string): void {
    this.commands.push({ line, exit, output });
  }

  async touched(what: "files" | "sources"): Promise<void> {
    this.touches.push(what);
  }

  baseline(): void {}

  onReport(_listener: (report: GateReport) => void): () => void {
    return () => {};
  }

  reports(): readonly GateReport[] {
    return this.standing;
  }

  findings(): readonly Finding[] {
    return [];
  }

  async runAll(): Promise<void> {}

  async dispose(): Promise<void> {}
}
