/** A tool that an agent offers to its model. */
export interface OfferedTool {
  readonly name: string;
  /** The group it is offered in, where the API has such. */
  readonly namespace: string | null;
  /** Takes plain text instead of fields. */
  readonly plain: boolean;
  /** The names of its fields. */
  readonly fields: readonly string[];
  /** Fields that take a list of words where others take a line. */
  readonly lists: readonly string[];
}

/** One thing said in a conversation, as the model reads it. */
export type Said =
  | { readonly by: "person"; readonly text: string }
  | { readonly by: "model"; readonly calls: number }
  | { readonly by: "tool"; readonly text: string };

/** What an agent asks of its model, whichever API it speaks. */
export interface Request {
  readonly model: string;
  readonly stream: boolean;
  /** What the agent tells the model about itself and the project. */
  readonly instructions: string;
  readonly tools: readonly OfferedTool[];
  readonly said: readonly Said[];
}

/** What the model answers: words, or a call of one of the offered tools. */
export type Answer =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "call";
      readonly id: string;
      readonly tool: OfferedTool;
      /** An object of its fields; a text for a tool that takes plain text. */
      readonly input: Readonly<Record<string, unknown>> | string;
    };

/** An event of a stream: `name` where the API names them. */
export interface StreamEvent {
  readonly name: string | null;
  readonly data: unknown;
}

/** How one API writes requests and answers. */
export interface Api {
  /** Null for a path that isn't this API's. */
  readonly request: (path: string, body: unknown) => Request | null;
  readonly stream: (answer: Answer, model: string) => readonly StreamEvent[];
  readonly whole: (answer: Answer, model: string) => unknown;
}
