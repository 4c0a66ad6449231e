import { BUN_INSTALL_ROWS } from "./bunInstall.ts";
import { BUN_RUN_ROWS } from "./bunRun.ts";
import type { Row } from "./row.ts";
import { SWAP_ROWS } from "./swaps.ts";
import { UV_PIP_ROWS } from "./uvPip.ts";
import { UV_RUN_ROWS } from "./uvRun.ts";

/** The routing table. The first row that builds something decides; docs/routing.md describes each. */
export const ROUTING_TABLE: readonly Row[] = [
  ...UV_PIP_ROWS,
  ...SWAP_ROWS,
  ...UV_RUN_ROWS,
  ...BUN_INSTALL_ROWS,
  ...BUN_RUN_ROWS,
];
