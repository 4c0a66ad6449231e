import { html, nothing, type TemplateResult } from "lit/html.js";
import type { ApprovalCard } from "../../extension/panel/protocol.ts";
import { icon } from "./bits.ts";

interface AnswerLine {
  readonly icon: string;
  readonly label: unknown;
  readonly title: string;
  readonly act: (event: Event) => void;
  /** The answer that it gives; left out where it only shows something, or opens a box. */
  readonly choice?: ApprovalCard["choices"][number];
  /** Left out where it can always be pressed. */
  readonly disabled?: boolean;
  /** The place of the diff that it shows. */
  readonly diff?: number;
}

/** An answer, or a look before it, with more to say than fits on a button. */
export function answerLine(line: AnswerLine): TemplateResult {
  return html`<button
    class="answer-line"
    tabindex="-1"
    data-choice=${line.choice ?? nothing}
    data-diff=${line.diff ?? nothing}
    aria-disabled=${line.disabled ?? nothing}
    title=${line.title}
    @click=${line.act}
  >
    ${icon(line.icon)}<span>${line.label}</span>
  </button>`;
}
