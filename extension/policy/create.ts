import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "../errors.ts";
import { policyTemplate } from "./template.ts";

/** Writes the commented template. False where there is a file already: that one is never touched. */
export async function createPolicy(path: string, whose: "project" | "user"): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, policyTemplate(whose), { flag: "wx" });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}
