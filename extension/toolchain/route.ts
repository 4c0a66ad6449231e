/** `same`: the same program in the locked environment, or the owner's own form. `swap`: another program answers. */
export type RouteKind = "same" | "swap";

export interface Route {
  readonly kind: RouteKind;
  /** The stable id of the row in the routing table, such as `uv.run.tool`. */
  readonly rule: string;
  /** The whole command line as asked. */
  readonly from: string;
  /** The whole command line as it would run. */
  readonly to: string;
  /** One localised sentence: which evidence proves it. */
  readonly reason: string;
}
