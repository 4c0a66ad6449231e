import { BUN_FILE_ROWS } from "./bunFile.ts";
import { BUN_INSTALL_ROWS } from "./bunInstall.ts";
import { BUN_RUN_ROWS } from "./bunRun.ts";
import { LOCKED_ROWS } from "./locked.ts";
import type { Row } from "./row.ts";
import { SCRIPT_SWAP_ROWS } from "./scriptSwaps.ts";
import { SWAP_ROWS } from "./swaps.ts";
import { REQUIREMENTS_ROWS } from "./requirementsRows.ts";
import { UV_ENVIRONMENT_ROWS } from "./uvEnvironment.ts";
import { UV_PIP_ROWS } from "./uvPip.ts";
import { usualTools, UV_RUN_ROWS } from "./uvRun.ts";

/** The programs that a row may send somewhere, but for those that only a project's own environment has. */
export function routedPrograms(): readonly string[] {
  return [...new Set([...ROUTING_TABLE.flatMap(({ programs }) => programs ?? []), ...usualTools()])];
}

/** The routing table. The first row that builds something decides; docs/routing.md describes each. */
export const ROUTING_TABLE: readonly Row[] = [
  ...UV_PIP_ROWS,
  ...UV_ENVIRONMENT_ROWS,
  ...REQUIREMENTS_ROWS,
  ...SWAP_ROWS,
  ...UV_RUN_ROWS,
  ...BUN_INSTALL_ROWS,
  ...SCRIPT_SWAP_ROWS,
  ...BUN_RUN_ROWS,
  ...BUN_FILE_ROWS,
  ...LOCKED_ROWS,
];
